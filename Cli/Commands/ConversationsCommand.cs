using System.CommandLine;
using System.Globalization;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Lists conversations.</summary>
internal static class ConversationsCommand
{
    private const int PageLimit = 200;

    public static Command Create(Connection connection)
    {
        var user = new Option<string?>("--user") { Description = "Only those of this user." };
        var agent = new Option<string?>("--agent") { Description = "Only those of this agent." };
        var metadata = new Option<string[]>("--metadata")
        {
            Description = "Only those whose metadata has key=value. May be given several times.",
        };
        Option<int> limit = Limits.Option(50);
        var command = new Command("conversations", "Lists conversations, the one with the newest turn first.")
        {
            user,
            agent,
            metadata,
            limit,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        var found = new List<ConversationDocument>();
                        int most = parsed.GetValue(limit);
                        string? cursor = null;
                        do
                        {
                            ConversationListDocument page = await memory.ListConversationsAsync(
                                parsed.GetValue(user),
                                parsed.GetValue(agent),
                                parsed.GetValue(metadata),
                                Math.Min(PageLimit, most - found.Count),
                                cursor,
                                cancellationToken: cancellationToken
                            );
                            found.AddRange(page.Conversations);
                            cursor = page.Next;
                        } while (cursor is not null && found.Count < most);

                        printer.WriteAll(
                            found,
                            all =>
                                printer.Table(
                                    ["conversation", "user", "title", "messages", "newest turn"],
                                    all.Select(one =>
                                        (string?[])
                                            [
                                                one.Id,
                                                one.UserId,
                                                one.Title,
                                                one.MessageCount.ToString(CultureInfo.InvariantCulture),
                                                Times.Of(one.UpdatedAt),
                                            ]
                                    )
                                )
                        );
                    }
                )
        );
        return command;
    }
}
