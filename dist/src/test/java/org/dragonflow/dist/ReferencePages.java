package org.dragonflow.dist;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.dragonflow.apps.Apps;
import org.dragonflow.cli.Dfctl;
import org.dragonflow.model.Schemas;
import org.dragonflow.server.Config;
import picocli.CommandLine;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The pages of docs/reference, each made of what the code says of itself. */
final class ReferencePages {
    private static final int WIDTH = 100;

    private ReferencePages() {}

    /** Every page by its file name. */
    static Map<String, Supplier<String>> all() {
        var pages = new LinkedHashMap<String, Supplier<String>>();
        pages.put("api.md", Schemas::toMarkdown);
        pages.put("commands.md", ReferencePages::commands);
        pages.put("configuration.md", Config::toMarkdown);
        pages.put("metrics.md", MetricsPage::text);
        pages.put("openapi.json", ReferencePages::openApi);
        pages.put("pipeline.md", ReferencePages::pipeline);
        pages.put("registers.md", RegistersPage::text);
        return pages;
    }

    private static String pipeline() {
        return """
                # Pipeline

                Every table of the integration bridge, in the order in which packets meet them: the position is the number. A flow that
                matches or sets anything but what stands here is refused by the compiler. Where a cell of *sets* or *matches* names a field
                that is none of OpenFlow's, [registers.md](registers.md) says what it is.

                """ + Apps.pipeline().toMarkdown();
    }

    private static String openApi() {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(Schemas.toOpenApi())
                + "\n";
    }

    private static String commands() {
        var page = new StringBuilder("# Commands\n\nWhat each answers to `--help`.\n");
        append(new CommandLine(Dragonflow.class), page);
        append(new CommandLine(Dfctl.class), page);
        return page.toString();
    }

    private static void append(CommandLine command, StringBuilder page) {
        command.setUsageHelpWidth(WIDTH);
        page.append("\n## %s\n\n```\n%s```\n"
                .formatted(
                        command.getCommandSpec().qualifiedName(), command.getUsageMessage(CommandLine.Help.Ansi.OFF)));
        command.getSubcommands().values().forEach(inner -> append(inner, page));
    }
}
