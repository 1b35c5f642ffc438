using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Follows a conversation until it ends or the reader goes.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(Connection connection)
    {
        var id = Ids.Argument("conversation", "The conversation's id.");
        var after = new Option<string?>("--after")
        {
            Description = "Everything behind this sequence first; without it only what comes from now on.",
        };
        var command = new Command(
            "watch",
            "Follows a conversation. A lost connection is made again, and nothing is missed. Where messages are dropped, 'truncated' is shown, and what is left of them once more."
        )
        {
            id,
            after,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    (memory, printer) =>
                        FollowAsync(memory, printer, parsed.GetRequiredValue(id), parsed.GetValue(after), cancellationToken)
                )
        );
        return command;
    }

    private static async Task FollowAsync(
        MemoryHttpClient memory,
        Printer printer,
        string conversation,
        string? after,
        CancellationToken cancellationToken
    )
    {
        string? last = null;
        while (true)
        {
            try
            {
                using FileResponse feed = await memory.WatchConversationAsync(
                    conversation,
                    last is null ? after : null,
                    last,
                    cancellationToken
                );
                SseParser<string> events = SseParser.Create(feed.Stream);
                await foreach (SseItem<string> item in events.EnumerateAsync(cancellationToken))
                {
                    last = item.EventId ?? last;
                    Show(printer, item);
                    if (item.EventType == "ended")
                    {
                        return;
                    }
                }
            }
            catch (Exception failure) when (last is not null && failure is IOException or HttpRequestException)
            {
                // The silo went: another one, or the same one again, goes on where this one ended.
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static void Show(Printer printer, SseItem<string> item)
    {
        if (item.EventType == "message")
        {
            using JsonDocument message = JsonDocument.Parse(PlainJson.Of(item.Data));
            printer.Write(message.RootElement, one => MessageLines.Write(printer, one));
        }
        else if (item.EventType is "truncated" or "restarted" or "ended")
        {
            printer.Write(new { @event = item.EventType }, one => printer.Line(one.@event, string.Empty));
        }
    }
}
