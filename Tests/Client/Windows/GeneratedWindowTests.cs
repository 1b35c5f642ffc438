using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>What holds for every window of every history.</summary>
public sealed class GeneratedWindowTests
{
    private static readonly int Histories = Generated.Count(600);

    private static readonly ConversationWindow Whole = new(new ConversationWindowOptions { MaxTokens = null });

    [Fact]
    public void Every_window_of_every_budget_is_one_that_providers_take()
    {
        int bounded = 0;
        int refused = 0;
        int answered = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            (List<ChatMessage> history, List<ChatMessage> input) = GeneratedHistory.MakeWithInput(seed);
            string[] before = [.. history.Concat(input).Select(Describe)];
            ConversationWindowOptions options = Bounds(seed);
            var window = new ConversationWindow(options);
            try
            {
                AskedMessages asked = window.Ask(history, input);
                Demand(seed, [.. asked.History, .. asked.Asked]);
                Demand(seed, [.. asked.History, new ChatMessage(ChatRole.User, "between"), .. asked.Asked]);
                Demand(seed, [.. window.Reduce(history), new ChatMessage(ChatRole.User, "next")]);
                bounded += asked.History.Count < Whole.Ask(history, input).History.Count ? 1 : 0;
                answered += asked.Awaiting.Count;
            }
            catch (WindowTooSmallException)
            {
                refused++;
                Assert.False(
                    Fits(history.Where(message => message.Role == ChatRole.System), options),
                    $"seed {seed}: refused though the system messages fit"
                );
            }

            Assert.True(before.SequenceEqual(history.Concat(input).Select(Describe)), $"seed {seed}: the history changed");
        }

        // The generator reaches what it is for.
        Assert.InRange(bounded, Histories / 3, Histories);
        Assert.InRange(refused, 3, Histories / 2);
        Assert.InRange(answered, Histories / 10, Histories * 4);
    }

    [Fact]
    public void A_window_without_bounds_loses_no_text_and_no_completed_call_and_keeps_the_order()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            List<ChatMessage> history = GeneratedHistory.Make(seed);
            IReadOnlyList<ChatMessage> window = Whole.Reduce(history);
            foreach (string id in Completed(history))
            {
                Assert.True(Ids<FunctionCallContent>(window, call => call.CallId).Contains(id), $"seed {seed}: the call {id} is lost");
                Assert.True(
                    Ids<FunctionResultContent>(window, result => result.CallId).Contains(id),
                    $"seed {seed}: the result {id} is lost"
                );
            }

            string[] said = [.. history.SelectMany(Said)];
            Assert.True(said.SequenceEqual(window.SelectMany(Said)), $"seed {seed}: texts");
            int[] places = [.. window.Where(message => message.Role != ChatRole.Tool).Select(Place)];
            Assert.True(places.SequenceEqual(places.Order()), $"seed {seed}: order");
        }
    }

    [Fact]
    public void More_budget_never_takes_a_message_away_and_none_that_has_room_is_left_out()
    {
        for (int seed = 0; seed < Histories / 10; seed++)
        {
            List<ChatMessage> history = GeneratedHistory.Make(seed);
            string[] whole = [.. Whole.Reduce(history).Select(Describe)];
            string[] smaller = [];
            for (int tokens = 20; tokens < 3_000; tokens += 97)
            {
                var options = new ConversationWindowOptions { MaxTokens = tokens };
                try
                {
                    IReadOnlyList<ChatMessage> window = new ConversationWindow(options).Reduce(history);
                    string[] larger = [.. window.Select(Describe)];
                    Assert.True(IsWithin(smaller, larger), $"seed {seed}, {tokens} tokens");
                    Assert.True(IsWithin(larger, whole), $"seed {seed}, {tokens} tokens: more than the whole window");
                    CheckRoom(seed, history, window, options);
                    smaller = larger;
                }
                catch (WindowTooSmallException)
                {
                    Assert.True(smaller.Length == 0, $"seed {seed}: {tokens} tokens are refused though fewer were not");
                }
            }
        }
    }

    [Fact]
    public void The_window_of_a_window_is_the_same()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            IReadOnlyList<ChatMessage> window = Whole.Reduce(GeneratedHistory.Make(seed));
            Assert.True(window.SequenceEqual(Whole.Reduce(window)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_decided_window_of_the_newest_part_is_the_one_of_the_whole_log()
    {
        int decided = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            (List<ChatMessage> history, List<ChatMessage> input) = GeneratedHistory.MakeWithInput(seed, most: 300);
            var window = new ConversationWindow(new ConversationWindowOptions { MaxTokens = null, MaxMessages = 60 });
            string[] whole = [.. window.Ask(history, input).History.Select(Describe)];
            for (int read = 1; read < history.Count; read += 3)
            {
                ChatMessage[] part =
                [
                    .. history.SkipLast(read).Where(message => message.Role == ChatRole.System),
                    .. history.TakeLast(read),
                ];
                WindowItem[] items = [.. part.Concat(input).Select(message => WindowItem.Of(message, TokenEstimate.Of))];
                WindowPlan plan = WindowPlan.Make(items, part.Length, window.Rules(reserved: default));
                if ((plan.IsFull || plan.HasNoRoom) && !plan.LacksAny)
                {
                    decided++;
                    string[] seen = [.. AskedMessages.Of(plan, part, input).History.Select(Describe)];
                    Assert.True(whole.SequenceEqual(seen), $"seed {seed}, {read} messages read");
                }
            }
        }

        Assert.InRange(decided, 500, int.MaxValue);
    }

    /// <summary>
    /// The newest group that is left out does not fit beside what is in; groups are told apart by the messages that are not of a tool.
    /// </summary>
    private static void CheckRoom(int seed, List<ChatMessage> history, IReadOnlyList<ChatMessage> window, ConversationWindowOptions options)
    {
        List<List<ChatMessage>> groups = [];
        foreach (ChatMessage message in Whole.Reduce(history))
        {
            if (message.Role != ChatRole.Tool)
            {
                groups.Add([]);
            }

            groups[^1].Add(message);
        }

        HashSet<string> kept = [.. window.Select(Describe)];
        if (groups.FindLast(group => !kept.Contains(Describe(group[0]))) is { } missing)
        {
            Assert.False(Fits([.. window, .. missing], options), $"seed {seed}, {options.MaxTokens} tokens: there was room");
            return;
        }

        Assert.Equal(groups.Sum(group => group.Count), window.Count);
    }

    /// <summary>Calls with an id of their own whose result comes later.</summary>
    private static HashSet<string> Completed(List<ChatMessage> history)
    {
        HashSet<string> once =
        [
            .. Ids<FunctionCallContent>(history, call => call.CallId)
                .GroupBy(id => id, StringComparer.Ordinal)
                .Where(ids => ids.Count() == 1)
                .Select(ids => ids.Key),
        ];
        var called = new HashSet<string>(StringComparer.Ordinal);
        var completed = new HashSet<string>(StringComparer.Ordinal);
        foreach (AIContent content in history.SelectMany(message => message.Contents))
        {
            if (content is FunctionCallContent call && once.Contains(call.CallId))
            {
                called.Add(call.CallId);
            }
            else if (content is FunctionResultContent result && called.Contains(result.CallId))
            {
                completed.Add(result.CallId);
            }
        }

        return completed;
    }

    private static IEnumerable<string> Ids<T>(IEnumerable<ChatMessage> messages, Func<T, string> id) =>
        messages.SelectMany(message => message.Contents).OfType<T>().Select(id);

    private static IEnumerable<string> Said(ChatMessage message) =>
        message.Role == ChatRole.Tool
            ? []
            : message.Contents.OfType<TextContent>().Where(text => text.Text.Length > 0).Select(text => message.MessageId + text.Text);

    private static int Place(ChatMessage message) =>
        int.Parse(message.MessageId!.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    private static string Describe(ChatMessage message) => message.MessageId + ProviderRules.Short(message);

    private static bool IsWithin(string[] few, string[] many)
    {
        int at = 0;
        foreach (string one in many)
        {
            at += at < few.Length && few[at] == one ? 1 : 0;
        }

        return at == few.Length;
    }

    private static void Demand(int seed, IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count > 0 && ProviderRules.Broken(messages) is var (rule, index))
        {
            Assert.Fail(
                FormattableString.Invariant($"seed {seed}: {rule} at {index} of {string.Join(", ", messages.Select(ProviderRules.Short))}")
            );
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
