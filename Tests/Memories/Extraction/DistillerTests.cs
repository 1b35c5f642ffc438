using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories.Extraction;

public sealed class DistillerTests
{
    private static readonly DateTimeOffset Now = SomeTurns.Start.AddHours(1);

    [Fact]
    public void A_new_fact_takes_over_what_its_turns_agree_on()
    {
        MemoryFact first = SomeTurns.Turn("a") with { ConversationId = "c", OccurredAt = SomeTurns.Start.AddMinutes(1) };
        MemoryFact second = SomeTurns.Turn("b") with { ConversationId = "c", OccurredAt = SomeTurns.Start.AddMinutes(2), MessageId = null };
        MemoryFact third = SomeTurns.Turn("d") with { ConversationId = "c", Role = "assistant", Speaker = null };
        FactDistillation changes = Decide(
            SomeTurns.Batch([first, second, third]),
            SomeTurns.Add("  Alice lives\n\tin\0Berlin. ", "t2", "t1", "t9")
        ).Changes;

        MemoryFact fact = Assert.Single(changes.Added);
        Assert.Equal(("Alice lives in Berlin.", MemoryKind.Fact, 1L), (fact.Text, fact.Kind, fact.Version));
        Assert.Equal(("guide", "alice", (string?)null), (fact.Agent, fact.User, fact.Session));
        Assert.Equal(("user", "Alice", (string?)null), (fact.Role, fact.Speaker, fact.MessageId));
        Assert.Equal((SomeTurns.Start.AddMinutes(2), Now, Now), (fact.OccurredAt, fact.CreatedAt, fact.UpdatedAt));
        Assert.Equal(("c", (DateTimeOffset?)null), (fact.ConversationId, fact.ExpiresAt));
        using JsonDocument metadata = JsonDocument.Parse(fact.Metadata!);
        Assert.True(metadata.RootElement.GetProperty("distilled").GetBoolean());
        Assert.Equal(["a", "b"], metadata.RootElement.GetProperty("sourceMemories").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(["m-a"], metadata.RootElement.GetProperty("sourceMessages").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(["a", "b", "d"], changes.Turns.AsEnumerable());
        Assert.Equal((SomeTurns.Scope, Now), (changes.Scope, changes.At));
    }

    [Fact]
    public void Without_a_turn_of_its_own_a_fact_comes_from_all_of_them()
    {
        MemoryFact fact = Assert.Single(
            Decide(
                SomeTurns.Batch([SomeTurns.Turn("a"), SomeTurns.Turn("b") with { Role = "assistant" }]),
                SomeTurns.Add("x")
            ).Changes.Added
        );
        Assert.Equal((null, "Alice"), (fact.Role, fact.Speaker));
    }

    [Fact]
    public void A_fact_expires_with_the_first_turn_of_its_batch_whatever_the_model_says()
    {
        DateTimeOffset soon = Now.AddDays(1);
        MemoryFact late = SomeTurns.Turn("a") with { ExpiresAt = soon.AddDays(9) };
        MemoryFact early = SomeTurns.Turn("b") with { ExpiresAt = soon };
        Assert.Equal(soon, Assert.Single(Decide(SomeTurns.Batch([late, early]), SomeTurns.Add("x", "t1")).Changes.Added).ExpiresAt);
    }

    [Fact]
    public void Only_facts_that_were_shown_can_be_changed()
    {
        ExtractionBatch batch = SomeTurns.Batch(SomeTurns.Turns(1), SomeTurns.Fact("known") with { Version = 7 });
        string[] names = ["f2", "f0", "f-1", "F1", "f01x", "known", "t1", "", "f", "f99999999999999999999"];
        Distillation distilled = Decide(
            batch,
            [.. names.SelectMany(name => new[] { SomeTurns.Retire(name), SomeTurns.Update(name, "planted " + name) })]
        );
        Assert.Equal(2 * names.Length, distilled.LeftOut);
        Assert.Empty(distilled.Changes.Retired);
        Assert.Empty(distilled.Changes.Revised);
        Assert.Empty(distilled.Changes.Added);

        Assert.Equal(new FactRetirement("known", 7), Assert.Single(Decide(batch, SomeTurns.Retire("f1")).Changes.Retired));
    }

    [Fact]
    public void A_fact_changes_once_per_reply()
    {
        ExtractionBatch batch = SomeTurns.Batch(SomeTurns.Turns(1), SomeTurns.Fact("a"), SomeTurns.Fact("b", "Alice lives in Rome."));
        Distillation distilled = Decide(
            batch,
            SomeTurns.Update("f1", "one"),
            SomeTurns.Retire("f1"),
            SomeTurns.Update("f1", "two"),
            SomeTurns.Retire("f2"),
            SomeTurns.Retire("f2")
        );
        Assert.Equal(new FactRevision("a", 1, "one"), Assert.Single(distilled.Changes.Revised));
        Assert.Equal(new FactRetirement("b", 1), Assert.Single(distilled.Changes.Retired));
        Assert.Equal(3, distilled.LeftOut);
    }

    [Fact]
    public void What_is_known_empty_too_long_or_too_much_is_left_out()
    {
        var options = new ExtractionOptions { MaxFactBytes = 64, MaxChanges = 6 };
        ExtractionBatch batch = SomeTurns.Batch(SomeTurns.Turns(1), SomeTurns.Fact("a", "Alice has a dog."));
        Distillation distilled = new Distiller(batch, options, Now).Decide(
            Read(
                SomeTurns.Add("alice has a DOG."),
                SomeTurns.Add(" \n "),
                SomeTurns.Change("add", null, null),
                SomeTurns.Add(new string('é', 33)),
                SomeTurns.Add(new string('é', 32)),
                SomeTurns.Update("f1", "Alice has a dog."),
                SomeTurns.Add("beyond the bound")
            )
        );
        Assert.Equal(new string('é', 32), Assert.Single(distilled.Changes.Added).Text);
        Assert.Empty(distilled.Changes.Revised);
        Assert.Equal(6, distilled.LeftOut);
    }

    [Fact]
    public void The_same_fact_twice_is_added_once() =>
        Assert.Single(
            Decide(SomeTurns.Batch(SomeTurns.Turns(1)), SomeTurns.Add("Alice sings."), SomeTurns.Add("alice  sings.")).Changes.Added
        );

    [Theory]
    [InlineData("c", null, "c", null, true)]
    [InlineData(null, null, null, null, true)]
    [InlineData("c", 1, "c", 2, true)]
    [InlineData("c", 1, "c", null, true)]
    [InlineData("c", 2, "c", 1, false)]
    [InlineData("c", null, "c", 1, false)]
    [InlineData("c", null, "d", null, false)]
    [InlineData(null, null, "d", null, false)]
    [InlineData("c", 1, "d", null, false)]
    public void An_update_keeps_the_id_only_where_the_fact_goes_with_the_turns(
        string? factOf,
        int? factDays,
        string? turnOf,
        int? turnDays,
        bool keeps
    )
    {
        DateTimeOffset? At(int? days) => days is { } some ? Now.AddDays(some) : null;
        MemoryFact fact = SomeTurns.Fact("old", "Alice lives in Paris.") with { ConversationId = factOf, ExpiresAt = At(factDays) };
        MemoryFact turn = SomeTurns.Turn("t") with { ConversationId = turnOf, ExpiresAt = At(turnDays) };
        FactDistillation changes = Decide(SomeTurns.Batch([turn], fact), SomeTurns.Update("f1", "Alice lives in Berlin.", "t1")).Changes;
        if (keeps)
        {
            Assert.Equal(new FactRevision("old", 1, "Alice lives in Berlin."), Assert.Single(changes.Revised));
            Assert.Empty(changes.Added);
            return;
        }

        Assert.Equal(new FactRetirement("old", 1), Assert.Single(changes.Retired));
        MemoryFact added = Assert.Single(changes.Added);
        Assert.Equal(("Alice lives in Berlin.", turnOf), (added.Text, added.ConversationId));
        Assert.Equal(new[] { At(factDays), At(turnDays) }.Min(), added.ExpiresAt);
        Assert.Contains("\"replaces\":\"old\"", added.Metadata, StringComparison.Ordinal);
    }

    private static Distillation Decide(ExtractionBatch batch, params System.Text.Json.Nodes.JsonObject[] changes) =>
        new Distiller(batch, new ExtractionOptions(), Now).Decide(Read(changes));

    private static ImmutableArray<ReplyChange> Read(params System.Text.Json.Nodes.JsonObject[] changes)
    {
        ReplyReading read = ReplyReader.Read(SomeTurns.Reply(changes));
        Assert.Null(read.Fault);
        return read.Changes;
    }
}
