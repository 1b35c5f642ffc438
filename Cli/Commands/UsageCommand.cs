using System.CommandLine;
using System.Globalization;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>What the tenant uses.</summary>
internal static class UsageCommand
{
    public static Command Create(Connection connection)
    {
        var days = new Option<int?>("--days") { Description = "Besides, what was committed on each of so many days, newest first." };
        var command = new Command("usage", "What the tenant uses, and what it may use.") { days };
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        TenantUsageDocument usage = await memory.GetUsageAsync(cancellationToken);
                        printer.Write(
                            usage,
                            one =>
                                printer.Table(
                                    ["tenant", "conversations", "messages", "bytes", "memories", "bytes of memories"],
                                    [
                                        [
                                            one.Tenant,
                                            Number(one.Conversations),
                                            Number(one.Messages),
                                            Number(one.Bytes),
                                            Number(one.Memories),
                                            Number(one.MemoryBytes),
                                        ],
                                    ]
                                )
                        );
                        if (parsed.GetValue(days) is { } count)
                        {
                            printer.Write(
                                await memory.ListUsageOfDaysAsync(count, cancellationToken),
                                all =>
                                    printer.Table(
                                        ["day", "turns", "messages", "bytes"],
                                        all.Days.Select(day =>
                                            (string?[])
                                                [
                                                    day.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                                                    Number(day.Turns),
                                                    Number(day.Messages),
                                                    Number(day.Bytes),
                                                ]
                                        )
                                    )
                            );
                        }
                    }
                )
        );
        return command;
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? string.Empty;
}
