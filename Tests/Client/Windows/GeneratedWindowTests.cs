using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>What holds for every window of every history.</summary>
public sealed class GeneratedWindowTests
{
    private const int Histories = 1_500;

    [Fact]
    public void Every_window_keeps_the_rules()
    {
        int bounded = 0;
        int refused = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            List<ChatMessage> history = GeneratedHistory.Make(seed);
            List<string?> before = [.. history.Select(message => message.MessageId)];
            ConversationWindowOptions options = Bounds(seed);
            IReadOnlyList<ChatMessage> window;
            try
            {
                window = new ConversationWindow(options).Reduce(history);
            }
            catch (WindowTooSmallException)
            {
                refused++;
                Assert.False(Fits(history.Where(message => message.Role == ChatRole.System), options), $"seed {seed}: refused though the system messages fit");
                continue;
            }

            bounded += window.Count < history.Count ? 1 : 0;
            Assert.True(history.Select(message => message.MessageId).SequenceEqual(before), $"seed {seed}: the history changed");
            Check(seed, history, window, options);
            Assert.True(window.SequenceEqual(new ConversationWindow(options).Reduce(history)), $"seed {seed}: not deterministic");
        }

        // The generator reaches what it is for.
        Assert.InRange(bounded, Histories / 2, Histories);
        Assert.InRange(refused, 10, Histories / 2);
    }

    [Fact]
    public void More_budget_never_takes_a_message_away()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            List<ChatMessage> history = GeneratedHistory.Make(seed);
            HashSet<ChatMessage> smaller = [];
            for (int tokens = 20; tokens < 3_000; tokens += 97)
            {
                try
                {
                    IReadOnlyList<ChatMessage> window = new ConversationWindow(new ConversationWindowOptions { MaxTokens = tokens }).Reduce(history);
                    Assert.True(smaller.IsSubsetOf(window), $"seed {seed}, {tokens} tokens");
                    smaller = [.. window];
                }
                catch (WindowTooSmallException)
                {
                    Assert.True(smaller.Count == 0, $"seed {seed}: {tokens} tokens are refused though fewer were not");
                }
            }
        }
    }

    private static void Check(int seed, List<ChatMessage> history, IReadOnlyList<ChatMessage> window, ConversationWindowOptions options)
    {
        // A subset, in order.
        Assert.True(window.SequenceEqual(history.Where(window.Contains)), $"seed {seed}: order");
        Assert.True(history.Where(message => message.Role == ChatRole.System).All(window.Contains), $"seed {seed}: system messages");
        CheckTools(seed, history, window);

        List<ChatMessage> sound = [.. new ConversationWindow(new ConversationWindowOptions { MaxTokens = null }).Reduce(history)];
        if (sound.Count > 0)
        {
            Assert.True(window.Contains(sound[^1]), $"seed {seed}: the last message");
            Assert.True(sound.FindLast(message => message.Role == ChatRole.User) is not { } user || window.Contains(user), $"seed {seed}: the newest user message");
        }

        if (!Fits(window, options))
        {
            // Over the bounds go only system messages, the newest user message and the last one, each with what it belongs to.
            IReadOnlyList<ChatMessage> least = new ConversationWindow(new ConversationWindowOptions { MaxTokens = null, MaxMessages = Least(history) }).Reduce(history);
            Assert.True(window.All(least.Contains), $"seed {seed}: over the bounds");
        }
    }

    /// <summary>The smallest number of messages that is not refused: the window is the unavoidable then.</summary>
    private static int Least(List<ChatMessage> history) => Math.Max(1, history.Count(message => message.Role == ChatRole.System));

    private static void CheckTools(int seed, List<ChatMessage> history, IReadOnlyList<ChatMessage> window)
    {
        var open = new Dictionary<string, (int Index, bool Needed)>(StringComparer.Ordinal);
        for (int i = 0; i < window.Count; i++)
        {
            foreach (AIContent content in window[i].Contents)
            {
                switch (content)
                {
                    case FunctionCallContent call:
                        // Models use ids again; the earlier call of an id must have been answered by then.
                        Assert.True(!open.TryGetValue(call.CallId, out (int Index, bool Needed) earlier) || !earlier.Needed || earlier.Index == i, $"seed {seed}: call left open");
                        open[call.CallId] = (i, !call.InformationalOnly);
                        break;
                    case FunctionResultContent result:
                        Assert.True(open.ContainsKey(result.CallId), $"seed {seed}: orphan result");
                        open[result.CallId] = (open[result.CallId].Index, false);
                        break;
                }
            }
        }

        foreach ((int index, _) in open.Values.Where(call => call.Needed))
        {
            int at = history.IndexOf(window[index]);
            Assert.True(
                history.Skip(at + 1).All(message => message.Role == ChatRole.Tool) && ReferenceEquals(window[^1], history[^1]), $"seed {seed}: unanswered call before the end");
        }
    }

    private static ConversationWindowOptions Bounds(int seed)
    {
        var random = new Random(~seed);
        return new ConversationWindowOptions
        {
            MaxMessages = random.Next(2) == 0 ? null : random.Next(1, 30),
            MaxTokens = random.Next(2) == 0 ? null : random.Next(50, 2_000),
            MaxBytes = random.Next(2) == 0 ? null : random.Next(100, 6_000),
        };
    }

    private static bool Fits(IEnumerable<ChatMessage> messages, ConversationWindowOptions options)
    {
        WindowSize size = messages.Aggregate(default(WindowSize), (sum, message) => sum + MessageMeasure.Of(message, TokenEstimate.Of));
        return new WindowBudget(options.MaxMessages, options.MaxTokens, options.MaxBytes).Holds(size);
    }
}
