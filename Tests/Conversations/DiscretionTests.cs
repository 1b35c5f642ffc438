using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>No text, key, value or secret gets into logs or exception messages, at any level, whether things go well or badly.</summary>
public sealed class DiscretionTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Secret = "s3cr3t";

    [Fact]
    public async Task Logs_and_errors_hold_no_content()
    {
        using var lines = new LogLines();
        var errors = new List<Exception>();
        await using (
            GrainHost host = await GrainHost.StartAsync(silo =>
            {
                silo.Services.AddLogging(logging => logging.AddProvider(lines).AddFilter<LogLines>("OrleansMemory", LogLevel.Trace));
                silo.AddOrleansMemory()
                    .UsePostgresStorage(options =>
                    {
                        options.ConnectionString = database.ConnectionString + ";Application Name=" + Secret;
                        options.MaxQueuedTurns = 4;
                    });
            })
        )
        {
            IConversationGrain conversation = host.Conversation("c");
            Turn turn = Messages.Turn(
                Secret + "-turn",
                Messages.User(Secret) with
                {
                    Author = Secret,
                    Metadata = $$"""{"{{Secret}}":1}""",
                }
            ) with
            {
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = Secret,
                        Key = Secret,
                        Value = $"\"{Secret}\"",
                    },
                ],
                Settings = SettingsChange.Replace(new ConversationSettings { UserId = Secret, Title = Secret }),
            };
            await conversation.CommitAsync(turn);
            await conversation.CommitAsync(turn);
            Turn[] bad =
            [
                turn with
                {
                    Messages = [Messages.User(Secret + "2")],
                },
                turn with
                {
                    TurnId = Secret + "2",
                    ExpectedVersion = 9,
                },
                turn with
                {
                    TurnId = Secret + "3",
                    Messages = [Messages.Of(Secret, "x")],
                },
                turn with
                {
                    TurnId = Secret + "4",
                    Messages = [Messages.User("x") with { Contents = Secret }],
                },
                turn with
                {
                    TurnId = Secret + "5",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = Secret,
                            Key = Secret + "\0",
                            Value = "1",
                        },
                    ],
                },
                turn with
                {
                    TurnId = Secret + "6",
                    Messages = [Messages.User("x") with { Contents = Messages.Text(Secret + new string('x', 5_000_000)) }],
                },
            ];
            foreach (Turn each in bad)
            {
                errors.Add(await Assert.ThrowsAnyAsync<MemoryException>(() => conversation.CommitAsync(each)));
            }

            Task<TurnReceipt>[] flood =
            [
                .. Enumerable
                    .Range(0, 200)
                    .Select(i => host.Conversation(Secret + i).CommitAsync(Messages.Turn(Secret, Messages.User(Secret)))),
            ];
            await flood.SettleAsync();
            foreach (Task<TurnReceipt> refused in flood.Where(task => task.IsFaulted))
            {
                errors.Add(await Assert.ThrowsAsync<MemoryOverloadedException>(() => refused));
            }

            errors.Add(
                await Assert.ThrowsAsync<ConversationNotFoundException>(() =>
                    host.Conversation(Secret + "-unknown").GetMessagesAsync(MessageQuery.Newest)
                )
            );
        }

        Assert.NotEmpty(lines.Lines);
        Assert.DoesNotContain(lines.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Message.Contains(Secret, StringComparison.Ordinal));
    }
}
