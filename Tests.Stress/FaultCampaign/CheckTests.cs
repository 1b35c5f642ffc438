using Xunit;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Every check of the campaign finds what it is there for: a history that is well, doctored in one place.</summary>
public sealed class CheckTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    [Fact]
    public void A_history_that_is_well_is_accepted() => Assert.Empty(Checks.Run(Well()));

    [Fact]
    public void A_turn_that_is_lost_is_found() =>
        Expect(Checks.Turns, history => Replace(history, log => log with { Messages = [.. log.Messages.SkipLast(2)] }));

    [Fact]
    public void A_turn_that_is_there_twice_is_found() =>
        Expect(Checks.Turns, history => Replace(history, log => log with { Messages = [.. log.Messages, (5, "a/0"), (6, "a/1")] }));

    [Fact]
    public void Turns_in_another_order_are_found() =>
        Expect(Checks.Turns, history => Replace(history, log => log with { Messages = [(1, "b/0"), (2, "b/1"), (3, "a/0"), (4, "a/1")] }));

    [Fact]
    public void A_later_version_with_earlier_sequences_is_found() =>
        Expect(
            Checks.Turns,
            history =>
            {
                history.Turns.Clear();
                history.Turns.Enqueue(new Acknowledged("c", "a", 2, 1, 2, At(1)));
                history.Turns.Enqueue(new Acknowledged("c", "b", 1, 3, 4, At(2)));
            }
        );

    [Fact]
    public void A_sequence_that_is_left_out_is_found() =>
        Expect(Checks.Turns, history => Replace(history, log => log with { Messages = [(1, "a/0"), (2, "a/1"), (4, "b/0"), (5, "b/1")] }));

    [Fact]
    public void A_fork_that_lost_what_it_shares_is_found() =>
        Expect(
            Checks.Turns,
            history =>
            {
                history.Forks.Enqueue(new Forked("f", "c", 2, 1, At(3)));
                history.Logs.Enqueue(new WholeLog("f", 0, 1, [(1, "a/0")]));
            }
        );

    [Fact]
    public void A_version_that_is_left_out_is_found() =>
        Expect(Checks.Versions, history => Replace(history, log => log with { Version = 3 }));

    [Fact]
    public void A_version_that_is_given_twice_is_found() =>
        Expect(
            Checks.Versions,
            history =>
            {
                history.Turns.Enqueue(new Acknowledged("c", "e", 2, 0, 0, At(2.5)));
                Replace(history, log => log with { Version = 3 });
            }
        );

    [Fact]
    public void A_page_without_an_acknowledged_turn_is_found() =>
        Expect(Checks.Reads, history => history.Reads.Enqueue(new Read("c", "r", "/messages", 1, At(3), At(4), 200, 0, 2)));

    [Fact]
    public void An_empty_page_is_found() =>
        Expect(Checks.Reads, history => history.Reads.Enqueue(new Read("c", "r", "/messages", 1, At(3), At(4), 200, 0, 0)));

    [Fact]
    public void A_head_that_goes_back_behind_what_the_reader_has_seen_is_found() =>
        Expect(
            Checks.Reads,
            history =>
            {
                // The turn is not acknowledged yet when both begin.
                history.Reads.Enqueue(new Read("c", "r", "", 0, At(1.1), At(1.2), 200, 2, 4));
                history.Reads.Enqueue(new Read("c", "r", "", 1, At(1.3), At(1.4), 200, 1, 2));
            }
        );

    [Fact]
    public void A_conversation_that_is_not_found_is_found() =>
        Expect(Checks.Reads, history => history.Reads.Enqueue(new Read("c", "r", "", 1, At(3), At(4), 404, 0, 0)));

    [Fact]
    public void A_read_that_began_before_the_acknowledgement_may_miss_it()
    {
        History history = Well();
        history.Reads.Enqueue(new Read("c", "r", "", 1, At(1.5), At(4), 200, 1, 2));
        Assert.Empty(Checks.Run(history));
    }

    [Fact]
    public void What_was_deleted_and_is_shown_is_found() =>
        Expect(
            Checks.Gone,
            history =>
            {
                history.Deletions.Enqueue(new Removed("d", At(1), At(2)));
                history.Reads.Enqueue(new Read("d", "r", "", 1, At(3), At(4), 200, 1, 2));
            }
        );

    [Fact]
    public void What_was_erased_and_is_shown_is_found() =>
        Expect(
            Checks.Gone,
            history =>
            {
                history.Erasures.Enqueue(new Removed("e", At(1), At(2)));
                history.Reads.Enqueue(new Read("e", "r", "", 1, At(3), At(4), 200, 1, 2));
            }
        );

    [Fact]
    public void What_has_expired_and_is_shown_is_found() =>
        Expect(Checks.Expiry, history => history.Looks.Enqueue(new Look("t", "k", 0, At(3.2), At(3.3), true)));

    [Fact]
    public void What_is_hidden_too_early_is_found() =>
        Expect(Checks.Expiry, history => history.Looks.Enqueue(new Look("t", "k", 0, At(2.1), At(2.2), false)));

    [Fact]
    public void A_clock_that_is_off_excuses_as_much_as_it_is_off()
    {
        History history = Well();
        history.Clocks.Enqueue(new ClockOff(At(1), At(3), 2));
        history.Looks.Enqueue(new Look("t", "k", 0, At(2.1), At(2.2), false));
        history.Looks.Enqueue(new Look("t", "k", 0, At(4.9), At(5), true));
        Assert.Empty(Checks.Run(history));
        history.Looks.Enqueue(new Look("t", "k", 0, At(5.2), At(5.3), true));
        Assert.Equal(Checks.Expiry, Assert.Single(Checks.Run(history)).Check);
    }

    [Theory]
    [InlineData("message", 5L, "e/0")]
    [InlineData("message", 4L, "b/1")]
    [InlineData("restarted", 0L, "")]
    [InlineData("ended", 0L, "")]
    [InlineData("truncated", 3L, "")]
    public void An_event_that_does_not_fit_is_found(string name, long sequence, string text) =>
        Expect(Checks.Feeds, history => history.Feeds.Enqueue(new Followed("c", "f", name, sequence, text, 0, At(3))));

    [Fact]
    public void A_feed_that_leaves_out_a_message_is_found() =>
        Expect(Checks.Feeds, history => Feed(history, (1, "a/0"), (3, "b/0"), (4, "b/1")));

    [Fact]
    public void A_feed_that_stops_early_is_found() => Expect(Checks.Feeds, history => Feed(history, (1, "a/0"), (2, "a/1"), (3, "b/0")));

    [Fact]
    public void A_feed_of_other_messages_is_found() =>
        Expect(Checks.Feeds, history => Feed(history, (1, "a/0"), (2, "a/1"), (3, "b/0"), (4, "other")));

    [Fact]
    public void A_feed_that_does_not_end_with_its_conversation_is_found() =>
        Expect(
            Checks.Feeds,
            history =>
            {
                history.Deletions.Enqueue(new Removed("d", At(1), At(2)));
                history.Feeds.Enqueue(new Followed("d", "g", "opened", 0, "", 0, At(1)));
            }
        );

    [Fact]
    public void A_plan_follows_from_its_seed_and_every_kind_of_fault_is_planned_often()
    {
        SchedulePlan[] plans = [.. Enumerable.Range(1, 1000).Select(SchedulePlan.Generate)];
        Assert.Equal(plans[16].ToString(), SchedulePlan.Generate(17).ToString());
        Assert.All(
            Enum.GetValues<FaultKind>(),
            kind => Assert.True(plans.Sum(plan => plan.Faults.Count(fault => fault.Kind == kind)) >= 100)
        );
    }

    /// <summary>Two turns, all of it read and followed, an entry and what was deleted and erased.</summary>
    private static History Well()
    {
        var history = new History();
        history.Turns.Enqueue(new Acknowledged("c", "a", 1, 1, 2, At(1)));
        history.Turns.Enqueue(new Acknowledged("c", "b", 2, 3, 4, At(2)));
        history.Logs.Enqueue(new WholeLog("c", 0, 2, [(1, "a/0"), (2, "a/1"), (3, "b/0"), (4, "b/1")]));
        history.Reads.Enqueue(new Read("c", "r", "", 0, At(2.1), At(2.2), 200, 2, 4));
        history.Lives.Enqueue(new ShortLife("t", "k", At(1.9), At(2), TimeSpan.FromSeconds(1)));
        history.Looks.Enqueue(new Look("t", "k", 0, At(2.1), At(2.2), true));
        history.Looks.Enqueue(new Look("t", "k", 0, At(3.2), At(3.3), false));
        Feed(history, (1, "a/0"), (2, "a/1"), (3, "b/0"), (4, "b/1"));
        return history;
    }

    private static void Feed(History history, params (long Sequence, string Text)[] messages)
    {
        history.Feeds.Clear();
        history.Feeds.Enqueue(new Followed("c", "f", "opened", 0, "", -1, At(0)));
        foreach ((long sequence, string text) in messages)
        {
            history.Feeds.Enqueue(new Followed("c", "f", "message", sequence, text, 0, At(2)));
        }
    }

    private static void Replace(History history, Func<WholeLog, WholeLog> doctored)
    {
        Assert.True(history.Logs.TryDequeue(out WholeLog? log));
        history.Logs.Enqueue(doctored(log));
    }

    private static void Expect(string check, Action<History> doctor)
    {
        History history = Well();
        doctor(history);
        Assert.Contains(Checks.Run(history), violation => violation.Check == check);
    }

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);
}
