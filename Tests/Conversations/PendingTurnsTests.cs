using System.Diagnostics.CodeAnalysis;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>However many turns of a conversation are on their way, the next one asks as little as the first.</summary>
public sealed class PendingTurnsTests
{
    private const int Turns = 10_000;

    [Fact]
    public void Finding_a_turn_compares_no_more_ids_when_there_are_more()
    {
        var comparer = new CountingComparer();
        var pending = new PendingTurns(comparer);
        for (int i = 0; i < Turns; i++)
        {
            pending.Add(Make(i));
        }

        comparer.Comparisons = 0;
        foreach (int i in (int[])[0, Turns / 2, Turns - 1])
        {
            Assert.Equal(Id(i), pending.Find(Id(i))!.Turn.Commit.TurnId);
        }

        Assert.Null(pending.Find("unknown"));
        Assert.InRange(comparer.Comparisons, 3, 40);
    }

    [Fact]
    public void Turns_leave_in_the_order_in_which_they_came()
    {
        var pending = new PendingTurns();
        Assert.Null(pending.Last);
        Assert.Null(pending.First);
        PendingTurn[] turns = [.. Enumerable.Range(0, 4).Select(Make)];
        for (int i = 0; i < turns.Length; i++)
        {
            pending.Add(turns[i]);
            Assert.Same(turns[i], pending.Last);
            Assert.Same(turns[0], pending.First);
        }

        for (int i = 0; i < turns.Length; i++)
        {
            Assert.Same(turns[i], pending.First);
            Assert.Same(turns[^1], pending.Last);
            pending.RemoveFirst();
            Assert.Null(pending.Find(Id(i)));
        }

        Assert.Null(pending.Last);
        pending.Add(turns[2]);
        Assert.Same(turns[2], pending.Find(Id(2)));
    }

    [Fact]
    public void Nothing_that_a_turn_asks_walks_through_those_before_it() =>
        Assert.DoesNotContain(
            new Support.CodeGraph(typeof(PendingTurns).Assembly)
                .ReachedFrom([
                    typeof(LoadedConversation).GetProperty(nameof(LoadedConversation.LastPending))!.GetMethod!,
                    typeof(LoadedConversation).GetMethod(nameof(LoadedConversation.FindPending))!,
                    typeof(LoadedConversation).GetMethod(nameof(LoadedConversation.Push))!,
                ])
                .Keys,
            method => method.Name == nameof(IEnumerable<int>.GetEnumerator) || method.DeclaringType == typeof(Enumerable)
        );

    private static string Id(int i) => FormattableString.Invariant($"turn-{i}");

    private static PendingTurn Make(int i)
    {
        WrittenConversation conversation = WrittenConversation.New(ConversationKey.Create("t", "c"), 1);
        return new PendingTurn(new DecidedTurn(conversation.Turn(Id(i)), null!), Task.FromResult(default(CommitResult)));
    }

    private sealed class CountingComparer : IEqualityComparer<string>
    {
        public int Comparisons { get; set; }

        public bool Equals(string? x, string? y)
        {
            Comparisons++;
            return string.Equals(x, y, StringComparison.Ordinal);
        }

        public int GetHashCode([DisallowNull] string obj) => StringComparer.Ordinal.GetHashCode(obj);
    }
}
