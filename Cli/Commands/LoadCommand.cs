using System.CommandLine;
using System.Globalization;
using OrleansMemory.Cli.Load;

namespace OrleansMemory.Cli.Commands;

/// <summary>Loads a silo with turns, and says how long they took.</summary>
internal static class LoadCommand
{
    public static Command Create(Connection connection)
    {
        Option<int> connections = Limits.Option("--connections", "How many callers at once, each with a conversation of its own.", 32);
        Option<int> seconds = Limits.Option("--seconds", "How long.", 10);
        Option<int> bytes = Limits.Option("--bytes", "How long a message is.", 300);
        var turns = new Option<int?>("--turns") { Description = "How many turns a caller commits, in the place of a time." };
        turns.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out int number) && number < 1)
            {
                result.AddError("--turns is 1 or more.");
            }
        });
        var keep = new Option<bool>("--keep") { Description = "Leaves the conversations there; else they are deleted at the end." };
        var command = new Command(
            "load",
            "Loads a silo: callers that append a message each, one after the other, and the time that they waited."
        )
        {
            connections,
            seconds,
            turns,
            bytes,
            keep,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        var plan = new LoadPlan(
                            parsed.GetValue(connections),
                            parsed.GetValue(turns),
                            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                            parsed.GetValue(bytes),
                            parsed.GetValue(keep)
                        );
                        printer.Write(
                            await new LoadRun(memory, plan).RunAsync(cancellationToken),
                            report =>
                                printer.Table(
                                    ["turns", "refused", "turns/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "most ms"],
                                    [
                                        [
                                            Text(report.Turns, "N0"),
                                            Text(report.Refused, "N0"),
                                            Text(report.PerSecond, "N0"),
                                            Text(report.P50, "F2"),
                                            Text(report.P90, "F2"),
                                            Text(report.P99, "F2"),
                                            Text(report.P999, "F2"),
                                            Text(report.Most, "F2"),
                                        ],
                                    ]
                                )
                        );
                    }
                )
        );
        return command;
    }

    private static string Text(IFormattable number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
