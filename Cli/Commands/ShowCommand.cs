using System.CommandLine;
using System.Globalization;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Shows a conversation: its settings, and its newest messages or the part that a model would be sent.</summary>
internal static class ShowCommand
{
    private const int PageLimit = 1000;

    public static Command Create(Connection connection)
    {
        var id = Ids.Argument("conversation", "The conversation's id.");
        Option<int> limit = Limits.Option(20);
        var before = new Option<long?>("--before") { Description = "Only messages before this sequence." };
        var maxTokens = new Option<long?>("--max-tokens")
        {
            Description = "Only what a model with so many tokens would be sent, by estimate.",
        };
        var command = new Command("show", "Shows a conversation and its newest messages, oldest first.") { id, limit, before, maxTokens };
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        string conversation = parsed.GetRequiredValue(id);
                        ConversationDocument settings = await memory.GetConversationAsync(conversation, cancellationToken);
                        var pages = new Stack<MessagePageDocument>();
                        long? position = parsed.GetValue(before);
                        int missing = parsed.GetValue(limit);
                        do
                        {
                            MessagePageDocument page = await memory.GetMessagesAsync(
                                conversation,
                                Math.Min(PageLimit, missing),
                                before: position,
                                maxTokens: parsed.GetValue(maxTokens),
                                cancellationToken: cancellationToken
                            );
                            pages.Push(page);
                            missing -= page.Messages.Count;
                            position = page.Next;
                        } while (position is not null && missing > 0 && parsed.GetValue(maxTokens) is null);

                        printer.Write(
                            settings,
                            one =>
                            {
                                printer.Line(one.Id, one.Title ?? string.Empty);
                                printer.Line(
                                    string.Create(
                                        CultureInfo.InvariantCulture,
                                        $"user {one.UserId ?? "-"}, agent {one.AgentId ?? "-"}, version {one.Version}, {one.MessageCount} messages, expires {(one.ExpiresAt is { } end ? Times.Of(end) : "never")}"
                                    )
                                );
                            }
                        );
                        foreach (MessageDocument message in pages.SelectMany(static page => page.Messages))
                        {
                            printer.Write(message, one => MessageLines.Write(printer, one));
                        }
                    }
                )
        );
        return command;
    }
}
