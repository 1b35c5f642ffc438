using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Tests.Client.Runs;

public sealed partial class HostileStagingTests
{
    /// <summary>Stages what a careless or hostile tool might, and takes no notice of refusals.</summary>
    private static async Task StageAsync(Random random, List<string> notes)
    {
        ConversationRun run = ConversationRun.Current!;
        (SettingsFields Field, ConversationSettings Values)[] settings = [.. BadSettings()];
        for (int i = 0; i < random.Next(1, 10); i++)
        {
            string[] names =
            [
                "s",
                "globals",
                "",
                ".",
                "session:..",
                "tool-journal:x",
                "a\0",
                "\ud800",
                new('n', 256),
                new('n', 257),
                new('ä', 128),
                "summaries",
                "memory-object",
            ];
            string space = names[random.Next(names.Length)];
            string key = random.Next(5) == 0 ? new string('k', random.Next(1_020, 1_030)) : names[random.Next(names.Length)] + i;
            string[] values =
            [
                "1",
                "",
                "{",
                "\"\\u0000\\ud800\"",
                "\"\ud800\"",
                Text(4_094),
                Text(4_095),
                Text(2_000),
                new string('[', 64) + new string(']', 64),
                new string('[', 65) + new string(']', 65),
            ];
            string value = values[random.Next(values.Length)];
            TimeSpan?[] lives =
            [
                null,
                null,
                TimeSpan.Zero,
                TimeSpan.FromTicks(1),
                TimeSpan.FromTicks(10),
                TimeSpan.FromDays(36_500),
                TimeSpan.FromDays(36_501),
                TimeSpan.MaxValue,
                TimeSpan.MinValue,
            ];
            TimeSpan? life = lives[random.Next(lives.Length)];
            int what = random.Next(9);
            notes.Add($"{what} {space.Length} {key.Length} {value.Length} {life}");
            try
            {
                switch (what)
                {
                    case 0 or 1 or 2:
                        run.SetEntry(space, key, value, life);
                        break;
                    case 3:
                        run.SetGlobal(key, new { Value = value, Number = 1 });
                        break;
                    case 4:
                        run.RemoveEntry(space, random.Next(2) == 0 ? key : null);
                        break;
                    case 5:
                        Many(random, run);
                        break;
                    case 6:
                        (SettingsFields field, ConversationSettings bad) = settings[random.Next(settings.Length)];
                        run.ChangeSettings(new SettingsChange { Fields = field, Values = bad });
                        break;
                    case 7:
                        run.ChangeSettings(
                            new SettingsChange
                            {
                                Fields = (SettingsFields)random.Next(64),
                                Values = new ConversationSettings { Title = key[..Math.Min(8, key.Length)] },
                            }
                        );
                        break;
                    default:
                        await run.GetEntryAsync("s", "k");
                        break;
                }
            }
            catch (MemoryException)
            {
                // The tool is told at once.
            }
        }
    }

    private static void Many(Random random, ConversationRun run)
    {
        for (int i = 0; i < random.Next(5, 60); i++)
        {
            if (random.Next(3) == 0)
            {
                run.RemoveEntry("s", $"{i}");
            }
            else
            {
                run.SetEntry("s", $"{i}", Text(random.Next(1, 900)));
            }
        }
    }

    private static async Task OthersWriteAsync(Conversation conversation, Random random)
    {
        if (random.Next(3) == 0 && await conversation.GetHeadAsync() is not null)
        {
            await conversation
                .CommitAsync(
                    new Turn
                    {
                        TurnId = Guid.NewGuid().ToString(),
                        EntryDeletes =
                        [
                            new EntryDelete { Space = "s" },
                            new EntryDelete { Space = "others" },
                            new EntryDelete { Space = "globals" },
                        ],
                        EntryWrites =
                        [
                            .. Enumerable
                                .Range(0, random.Next(1, MaxEntries - 3))
                                .Select(i => new EntryWrite
                                {
                                    Space = "others",
                                    Key = $"{i}",
                                    Value = Text(random.Next(1, 500)),
                                }),
                        ],
                    }
                )
                .ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private IChatClient Client(string where, string id, string answer, Func<Task> stage)
    {
        AIFunction tool = AIFunctionFactory.Create(
            async () =>
            {
                await stage();
                return "staged";
            },
            "stage"
        );
        IChatClient model = where switch
        {
            "tool" => new StrictChatClient(call =>
                call.AnswersCalls ? StrictAnswer.Text(answer) : StrictAnswer.Calls("stage", Guid.NewGuid().ToString())
            )
                .AsBuilder()
                .UseFunctionInvocation()
                .Build(),
            "model" => new StrictChatClient(_ => StrictAnswer.Text(answer)) { BeforeUpdate = OnceOf(stage) },
            _ => new StagingFirst(new StrictChatClient(_ => StrictAnswer.Text(answer)), stage),
        };
        return model
            .WithConversation(
                _client,
                options =>
                {
                    options.ConversationId = id;
                    options.StagingRefused = _refused.Add;
                }
            )
            .AsBuilder()
            .ConfigureOptions(options => options.Tools = [tool])
            .Build();
    }

    /// <summary>Stages before the model is asked, as a layer inside of the run does.</summary>
    private sealed class StagingFirst(IChatClient inner, Func<Task> stage) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        )
        {
            await stage();
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            await stage();
            await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }
        }
    }

    private static Func<CancellationToken, Task> OnceOf(Func<Task> stage)
    {
        bool done = false;
        return _ => done ? Task.CompletedTask : Once();

        Task Once()
        {
            done = true;
            return stage();
        }
    }

    private static Task<ChatResponse> RunAsync(IChatClient client, bool streaming, string turnId)
    {
        var options = new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = turnId } };
        return streaming
            ? client.GetStreamingResponseAsync(turnId[1..] is { Length: > 0 } text ? text : "1", options).ToChatResponseAsync()
            : client.GetResponseAsync(turnId[1..] is { Length: > 0 } said ? said : "1", options);
    }
}
