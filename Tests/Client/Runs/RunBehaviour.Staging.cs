using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

public abstract partial class RunBehaviour
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_staged_is_committed_with_the_turn(bool streaming)
    {
        await Conversation.CommitAsync(
            new Turn
            {
                TurnId = "before",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = EntrySpaces.Globals,
                        Key = "mood",
                        Value = "\"good\"",
                    },
                    new EntryWrite
                    {
                        Space = EntrySpaces.Globals,
                        Key = "old",
                        Value = "1",
                    },
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "a",
                        Value = "1",
                    },
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "b",
                        Value = "1",
                    },
                ],
            }
        );
        var model = new RunScriptClient((_, _) => StageAll());
        await RunAsync(Bind(model), streaming, [User("1")]);

        ConversationSnapshot snapshot = (await Conversation.GetSnapshotAsync())!;
        Assert.Equal(2, snapshot.Head.Version);
        Assert.Equal(
            [("globals", "count", "2"), ("globals", "mood", "\"good\""), ("globals", "user", """{"Name":"Ada"}"""), ("s", "c", "[1]")],
            snapshot.Entries.Select(entry => (entry.Space, entry.Key, entry.Value))
        );
        Assert.NotNull(snapshot.Entries.Single(entry => entry.Key == "c").ExpiresAt);
        Assert.Equal(("title 2", "u"), (snapshot.Head.Settings.Title, snapshot.Head.Settings.UserId));

        async IAsyncEnumerable<ChatResponseUpdate> StageAll()
        {
            ConversationRun run = ConversationRun.Current!;
            Assert.Equal((1, _id), (run.Head!.Version, run.Conversation.Id));
            Assert.Equal("good", await run.GetGlobalAsync<string>("mood"));
            run.SetGlobal("count", 1);
            run.RemoveGlobal("old");
            yield return new ChatResponseUpdate(ChatRole.Assistant, "a");
            Assert.Same(run, ConversationRun.Current);
            Assert.Equal(1, await run.GetGlobalAsync<int>("count"));
            Assert.Null(await run.GetGlobalAsync<string>("old"));
            run.SetGlobal("count", 2);
            run.SetGlobal("user", new { Name = "Ada" });
            run.SetEntry("s", "gone", "1");
            run.RemoveEntry("s", null);
            Assert.Null(await run.GetEntryAsync("s", "a"));
            run.SetEntry("s", "c", "[1]", TimeSpan.FromHours(1));
            run.ChangeSettings(
                new SettingsChange
                {
                    Values = new ConversationSettings { UserId = "u", Title = "title 1" },
                    Fields = SettingsFields.UserId | SettingsFields.Title,
                }
            );
            run.ChangeSettings(
                new SettingsChange
                {
                    Values = new ConversationSettings { Title = "title 2" },
                    Fields = SettingsFields.Title,
                }
            );
            yield return new ChatResponseUpdate(ChatRole.Assistant, "b");
        }
    }

    [Fact]
    public async Task Tools_in_parallel_stage_together()
    {
        var model = new RunScriptClient((_, _) => Parallel());
        await Bind(model).GetResponseAsync([User("1")]);
        Assert.Equal(200, (await Conversation.GetEntriesAsync(EntrySpaces.Globals)).Length);

        static async IAsyncEnumerable<ChatResponseUpdate> Parallel()
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => ConversationRun.Current!.SetGlobal($"g{i}", i))));
            yield return new ChatResponseUpdate(ChatRole.Assistant, "done");
        }
    }

    [Fact]
    public async Task The_consumer_of_a_stream_is_outside_of_the_run_and_runs_within_runs_hide_it()
    {
        ConversationRun? outer = null;
        ConversationRun? inner = null;
        ConversationRun? after = null;
        string other = Guid.NewGuid().ToString("N");
        ConversationChatClient within = new RunScriptClient(_ =>
        {
            inner = ConversationRun.Current;
            inner!.SetGlobal("of", "inner");
            return "inner";
        }).WithConversation(Client, options => options.ConversationId = other);
        ConversationChatClient client = Bind(new RunScriptClient((_, _) => Nested()));
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([User("1")]))
        {
            Assert.Null(ConversationRun.Current);
        }

        Assert.Null(ConversationRun.Current);
        Assert.Same(outer, after);
        Assert.Equal((other, _id), (inner!.Conversation.Id, outer!.Conversation.Id));
        Assert.Equal("\"outer\"", (await Conversation.GetEntryAsync(EntrySpaces.Globals, "of"))!.Value);
        Assert.Equal("\"inner\"", (await Client.Get(other).GetEntryAsync(EntrySpaces.Globals, "of"))!.Value);

        async IAsyncEnumerable<ChatResponseUpdate> Nested()
        {
            outer = ConversationRun.Current;
            outer!.SetGlobal("of", "outer");
            yield return new ChatResponseUpdate(ChatRole.Assistant, "1");
            await foreach (ChatResponseUpdate update in within.GetStreamingResponseAsync([User("x")]))
            {
                yield return update;
            }

            after = ConversationRun.Current;
        }
    }

    [Fact]
    public async Task After_its_end_a_run_takes_nothing_more()
    {
        ConversationRun? run = null;
        await Bind(
                new RunScriptClient(_ =>
                {
                    run = ConversationRun.Current;
                    return "x";
                })
            )
            .GetResponseAsync([User("1")]);

        Assert.Throws<InvalidOperationException>(() => run!.SetGlobal("late", 1));
        Assert.Throws<InvalidOperationException>(() => run!.RemoveEntry("s", null));
        Assert.Null(ConversationRun.Current);
    }

    [Fact]
    public async Task What_cannot_be_staged_is_refused_at_once()
    {
        List<string> refused = [];
        await Bind(
                new RunScriptClient(_ =>
                {
                    ConversationRun run = ConversationRun.Current!;
                    refused.Add(Assert.Throws<InvalidRequestException>(() => run.SetEntry("", "k", "1")).Parameter);
                    refused.Add(Assert.Throws<InvalidRequestException>(() => run.SetEntry("s", new string('k', 1_025), "1")).Parameter);
                    refused.Add(Assert.Throws<InvalidRequestException>(() => run.SetEntry("s", "k", "no json")).Parameter);
                    refused.Add(Assert.Throws<InvalidRequestException>(() => run.SetEntry("s", "k", "1", TimeSpan.Zero)).Parameter);
                    refused.Add(Assert.Throws<InvalidRequestException>(() => run.RemoveEntry("s\0", null)).Parameter);
                    return "x";
                })
            )
            .GetResponseAsync([User("1")]);

        Assert.Equal(["space", "key", "json", "timeToLive", "space"], refused);
        Assert.Equal(["1", "x"], await LogAsync());
    }

    [Fact]
    public async Task A_run_that_only_stages_is_committed_too()
    {
        var model = new RunScriptClient((_, _) => Stage(RunScriptClient.Updates()));
        await Bind(model).GetResponseAsync([]);
        Assert.Equal("true", (await Conversation.GetEntryAsync(EntrySpaces.Globals, "staged"))!.Value);
    }
}
