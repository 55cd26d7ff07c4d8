package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RequirementsTest {
    @Test
    void aMachineThatRunsTheseTestsLacksNothing() {
        assertThat(Requirements.missing()).isEmpty();
    }

    @Test
    void whateverIsMissingCanBeMendedByTheInstallScript() throws Exception {
        var script = Files.readString(Path.of("install-debian"));
        assertThat(Requirements.packages())
                .allSatisfy(name -> assertThat(script).contains(name));
    }

    @Test
    void eachMissingProgramIsSaidInOneLineWithItsPackage() {
        assertThat(Requirements.missingPrograms("/nowhere"))
                .contains("ovs-vswitchd is not installed: apt-get install openvswitch-switch")
                .contains("dhclient is not installed: apt-get install isc-dhcp-client")
                .allMatch(line -> !line.contains("\n"));
    }

    @Test
    void theInstallScriptSaysNothingWhereAllIsInstalled() {
        var result = Command.of("./install-debian").run();
        assertThat(result).returns(0, Command.Result::status).returns("", Command.Result::stdout);
        assertThat(result.stderr()).isEmpty();
    }
}
