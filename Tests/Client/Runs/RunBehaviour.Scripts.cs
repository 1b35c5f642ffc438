using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

public abstract partial class RunBehaviour
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_becomes_of_runs_the_log_holds_those_that_succeeded_each_once_and_whole(int seed)
    {
        var random = new Random(seed);
        var model = new RunScriptClient((call, _) => Answer(call.Messages[^1].Text));
        ConversationChatClient client = Bind(model);
        var succeeded = new ConcurrentDictionary<string, string[]>();
        for (int round = 0; round < 25; round++)
        {
            // The name of a run says what the model is to do; see Answer.
            string[] names =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 5))
                    .Select(i =>
                        FormattableString.Invariant($"run {round}.{i} of {random.Next(1, 4)} {(random.Next(4) == 0 ? "fails" : "ends")}")
                    ),
            ];
            await Task.WhenAll(names.Select(name => TryAsync(client, name, random.Next(4), random.Next(2) == 0, succeeded)));
        }

        string[] log = await LogAsync();
        string[] runs = [.. log.Where(text => text.StartsWith("run ", StringComparison.Ordinal))];
        Assert.True(
            runs.Order().SequenceEqual(succeeded.Keys.Order()),
            $"seed {seed}: {runs.Length} runs in the log, {succeeded.Count} succeeded"
        );
        Assert.True(log.SequenceEqual(runs.SelectMany(run => succeeded[run].Prepend(run))), $"seed {seed}: a run is not in one piece");
        IEnumerable<string> globals = (await Conversation.GetEntriesAsync(EntrySpaces.Globals)).Select(entry => entry.Key);
        Assert.True(globals.Order().SequenceEqual(succeeded.Keys.Order()), $"seed {seed}: globals");
        Assert.Equal(succeeded.Count, await VersionAsync());
        Assert.InRange(succeeded.Count, 5, 80);
    }

    private static async Task TryAsync(
        ConversationChatClient client,
        string name,
        int kind,
        bool streaming,
        ConcurrentDictionary<string, string[]> succeeded
    )
    {
        try
        {
            // Kinds: 0 plain, 1 given up in the middle, 2 twice one after the other, 3 twice at once.
            if (kind == 1)
            {
                await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([User(name)]))
                {
                    return;
                }
            }

            ChatOptions? options = kind < 2 ? null : Turn(name);
            Task<ChatResponse>[] attempts =
                kind == 3
                    ? [client.GetResponseAsync([User(name)], options), client.GetResponseAsync([User(name)], options)]
                    : [RunAsync(client, streaming, [User(name)], options)];
            ChatResponse[] responses = await Task.WhenAll(attempts);
            if (kind == 2)
            {
                responses = [.. responses, await RunAsync(client, !streaming, [User(name)], options)];
            }

            string[] said = [.. responses[0].Messages.Select(Short)];
            Assert.All(responses, response => Assert.Equal(said, response.Messages.Select(Short)));
            Assert.True(succeeded.TryAdd(name, said));
        }
        catch (InvalidOperationException failure) when (failure.Message == "as planned")
        {
            Assert.EndsWith("fails", name, StringComparison.Ordinal);
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Answer(string name)
    {
        int parts = name.Split(' ')[3][0] - '0';
        ConversationRun.Current!.SetGlobal(name, true);
        for (int i = 0; i < parts; i++)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, $"part {i} ") { MessageId = $"{name} {i}" };
        }

        if (name.EndsWith("fails", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("as planned");
        }
    }
}
