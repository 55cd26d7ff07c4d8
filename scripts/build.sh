# Sourced by the scripts that run the system from the build: builds what has changed since the last build, and defines run_java.
# Expects to stand at the top of the checkout.

source scripts/jdk.sh || exit 1

built=it/target/runtime.classpath
build_log=target/build.log

needs_build() {
    [[ ! -f "$built" ]] ||
        [[ -n "$(find . -path ./.git -prune -o \( -path '*/src/main/*' -o -name pom.xml \) -newer "$built" -type f -print -quit)" ]]
}

# One class path for everything: the daemons, the operator's command, the demo and the bench.
build() {
    needs_build || return 0
    command -v mvn >/dev/null || { echo "no Maven found: apt-get install maven" >&2; return 1; }
    echo "building (the first time takes a few minutes; progress in $build_log) ..." >&2
    mkdir -p target
    if ! mvn -B -ntp -Dmaven.test.skip=true -Dmdep.includeScope=runtime -Dmdep.outputFile=target/runtime.classpath -pl it -am \
        compile org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath >"$build_log" 2>&1 </dev/null; then
        grep -E '^\[ERROR\]' "$build_log" | head -20 >&2
        echo "the build failed; all of it is in $build_log" >&2
        return 1
    fi
    touch "$built"
}

# Runs a class with the options of scripts/every.jvm, then those of the files that $jvm_options names.
run_java() {
    exec "$JAVA_HOME/bin/java" @scripts/every.jvm ${jvm_options:-} ${DRAGONFLOW_JAVA_OPTIONS:-} -cp "it/target/classes:$(cat "$built")" "$@"
}
