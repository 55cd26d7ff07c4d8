# Sourced by the other scripts: puts a JDK 25 into JAVA_HOME, or says in one line how to get one.

is_jdk_25() {
    # Not on its first line where JAVA_TOOL_OPTIONS is set: then that says so first.
    [[ -x "$1/bin/javac" ]] && "$1/bin/javac" -version 2>&1 | grep -q '^javac 25\b'
}

find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*; do
        if [[ -n "$candidate" ]] && is_jdk_25 "$candidate"; then
            export JAVA_HOME="$candidate"
            return 0
        fi
    done
    echo "no JDK 25 found in JAVA_HOME or under /usr/lib/jvm: install one there, or set JAVA_HOME to it" >&2
    return 1
}

find_jdk
