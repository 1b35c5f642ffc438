using System.CommandLine;
using System.Globalization;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Looks for messages by their texts.</summary>
internal static class SearchCommand
{
    private const int PageLimit = 100;

    public static Command Create(Connection connection)
    {
        var text = new Argument<string>("text") { Description = "What to look for." };
        var place = new ConversationOrUser("Looks in this conversation.", "Looks in all conversations of this user.");
        Option<int> limit = Limits.Option(20);
        var command = new Command("search", "Looks for messages by their texts, newest first: in a conversation or in all of a user.")
        {
            text,
            limit,
        };
        place.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        var hits = new List<SearchHitDocument>();
                        int most = parsed.GetValue(limit);
                        string? cursor = null;
                        do
                        {
                            int wanted = Math.Min(PageLimit, most - hits.Count);
                            SearchPageDocument page = place.Conversation(parsed) is { } one
                                ? await memory.SearchConversationAsync(
                                    one,
                                    parsed.GetRequiredValue(text),
                                    wanted,
                                    cursor,
                                    cancellationToken
                                )
                                : await memory.SearchUserAsync(
                                    parsed.GetRequiredValue(text),
                                    wanted,
                                    cursor,
                                    place.User(parsed),
                                    cancellationToken
                                );
                            hits.AddRange(page.Hits);
                            cursor = page.Next;
                        } while (cursor is not null && hits.Count < most);

                        printer.WriteAll(
                            hits,
                            all =>
                            {
                                foreach (SearchHitDocument hit in all)
                                {
                                    printer.Line(
                                        string.Create(
                                            CultureInfo.InvariantCulture,
                                            $"{hit.ConversationId} {hit.Message.Sequence} {hit.Message.Role}"
                                        ),
                                        hit.Excerpt.Text
                                    );
                                }
                            }
                        );
                    }
                )
        );
        return command;
    }
}
