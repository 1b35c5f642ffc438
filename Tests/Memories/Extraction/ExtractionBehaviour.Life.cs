using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;
using static OrleansMemory.Tests.Memories.Extraction.SomeTurns;

namespace OrleansMemory.Tests.Memories.Extraction;

public abstract partial class ExtractionBehaviour
{
    [Fact]
    public async Task Without_a_client_or_a_wish_nothing_is_queued_then_or_later()
    {
        GrainHost plain = await StartAsync(model: null);
        await RecordAsync(plain, Scope(), "Before there was a model.");
        Assert.Equal(0, await WaitingAsync(plain, Scope()));
        Assert.Equal(new ExtractionReport(), await ExtractAsync(plain, Scope()));

        using var model = new ModelScript(_ => Reply(Add("A fact.")));
        GrainHost host = await StartAsync(model);
        await Memory(host, Scope()).RecordAsync(Turns("Not this one.") with { Extract = false });
        await SaveAsync(host, Scope(), "A fact that was saved.");
        Assert.Equal(ExtractionReportOfNothing, await ExtractAsync(host, Scope()));
        Assert.Empty(model.Asked);
    }

    [Fact]
    public async Task Recording_twice_with_one_key_is_distilled_once()
    {
        using var model = new ModelScript(_ => Reply(Add("Alice has a boat.")));
        GrainHost host = await StartAsync(model);
        RecordRequest request = Turns("I have a boat.") with { Key = "once" };
        await Memory(host, Scope()).RecordAsync(request);
        await ExtractAsync(host, Scope());
        Assert.True((await Memory(host, Scope()).RecordAsync(request)).Replayed);
        Assert.Equal(ExtractionReportOfNothing, await ExtractAsync(host, Scope()));
        Assert.Single(await FactsAsync(host));
    }

    [Fact]
    public async Task Two_silos_that_distil_the_same_turns_at_once_make_no_fact_twice()
    {
        using var gate = new Gate();
        using var model = new ModelScript(
            async (_, _) =>
            {
                await gate.PassAsync();
                return Reply(Add("Alice has a boat."), Retire("f1"));
            }
        );
        GrainHost one = await StartAsync(model);
        GrainHost other = await StartAsync(model);
        await SaveAsync(one, Scope(), "Alice has no boat.");
        await RecordAsync(one, Scope(), "I have a boat now.");
        Task<ExtractionReport> first = ExtractAsync(one, Scope());
        Task<ExtractionReport> second = ExtractAsync(other, Scope());
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        gate.Open();

        Assert.Equal([0, 1], new[] { await first, await second }.Select(report => report.Added).Order());
        Assert.True((await first).IsComplete && (await second).IsComplete);
        Assert.Equal(["Alice has a boat."], await FactTextsAsync(other));
    }

    [Fact]
    public async Task A_fact_that_is_changed_while_the_model_thinks_is_looked_at_again()
    {
        using var gate = new Gate();
        using var model = new ModelScript(
            async (asked, _) =>
            {
                await gate.PassAsync();
                return asked.Contains("Rome", StringComparison.Ordinal) ? Reply() : Reply(Update("f1", "Alice lives in Berlin."));
            }
        );
        GrainHost host = await StartAsync(model);
        string id = await SaveAsync(host, Scope(), "Alice lives in Paris.");
        await RecordAsync(host, Scope(), "I live in Berlin.");
        Task<ExtractionReport> extracting = ExtractAsync(host, Scope());
        await gate.ArrivalAsync();
        await Directory(host).UpdateAsync(id, new MemoryUpdate { Text = "Alice lives in Rome." });
        gate.Open();
        Assert.Equal(new ExtractionReport { Turns = 1, IsComplete = true }, await extracting);
        Assert.Equal(["Alice lives in Rome."], await FactTextsAsync(host));
        Assert.Equal(2, model.Asked.Count);
    }

    [Fact]
    public async Task A_silo_that_stops_in_the_middle_leaves_its_turns_to_the_next_one()
    {
        using var gate = new Gate();
        using var hanging = new ModelScript(
            async (_, cancellationToken) =>
            {
                await gate.PassUnlessAsync(cancellationToken);
                return Reply(Add("Never said."));
            }
        );
        GrainHost first = await StartAsync(hanging, options => options.Delay = TimeSpan.Zero);
        await RecordAsync(first, Scope(), "I have a boat.");
        await gate.ArrivalAsync();
        await first.StopAsync().WithTimeout();

        using var asked = new Gate();
        using var model = new ModelScript(_ =>
        {
            asked.Signal();
            return Reply(Add("Alice has a boat."));
        });
        GrainHost second = await StartAsync(model, options => options.Delay = TimeSpan.Zero);

        // Nobody tells the second silo: it looks by itself when it starts.
        await asked.ArrivalAsync();
        await ExtractAsync(second, Scope());
        Assert.Equal(["Alice has a boat."], await FactTextsAsync(second));
        Assert.Single(model.Asked);
    }

    [Fact]
    public async Task Facts_go_with_the_turns_they_come_from()
    {
        int calls = 0;
        using var model = new ModelScript(asked => Reply(Add(FormattableString.Invariant($"Fact {++calls}."))));
        GrainHost host = await StartAsync(model);
        await host.Conversation("c", _tenant).CommitAsync(Messages.Turn("t", Messages.User("x")));
        await Memory(host, Scope()).RecordAsync(Turns("of a conversation") with { ConversationId = "c" });
        await Memory(host, Scope()).RecordAsync(Turns("for a day") with { TimeToLive = TimeSpan.FromDays(1) });
        await Memory(host, Scope()).RecordAsync(Turns("for an hour") with { TimeToLive = TimeSpan.FromHours(1) });
        await Memory(host, Scope()).RecordAsync(Turns("for ever"));
        Assert.Equal(4, (await ExtractAsync(host, Scope())).Turns);
        Assert.Equal(["Fact 1.", "Fact 2.", "Fact 3."], await FactTextsAsync(host));

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["Fact 1.", "Fact 3."], await FactTextsAsync(host));
        await host.Conversation("c", _tenant).DeleteAsync();
        Assert.Equal(["Fact 3."], await FactTextsAsync(host));
        await host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(_tenant, "alice").ToString()).EraseAsync();
        Assert.Empty(await FactTextsAsync(host));
    }

    [Fact]
    public async Task Turns_that_expired_or_were_deleted_before_their_time_are_not_sent_to_the_model()
    {
        using var model = new ModelScript(_ => Reply(Add("A fact.")));
        GrainHost host = await StartAsync(model);
        IReadOnlyList<string> deleted = await RecordAsync(host, Scope(), "to delete");
        await Memory(host, Scope()).RecordAsync(Turns("for an hour") with { TimeToLive = TimeSpan.FromHours(1) });
        await Directory(host).DeleteAsync(deleted[0]);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await ExtractAsync(host, Scope())).Added);
        Assert.Empty(model.Asked);
        Assert.Equal(0, await WaitingAsync(host, Scope()));
    }

    [Fact]
    public async Task Logs_hold_no_content()
    {
        const string Secret = "s3cr3t";
        using var lines = new LogLines();
        var replies = new Queue<Func<string>>([
            () => Secret,
            () => throw new InvalidOperationException(Secret),
            () =>
            {
                // Orleans warns of a turn that holds its thread for a second.
                SpinWait.SpinUntil(static () => false, TimeSpan.FromMilliseconds(1_100));
                return Reply(Add(Secret + " fact"), Retire(Secret));
            },
            () => Reply(Add(Secret + "\0")),
        ]);
        using var model = new ModelScript(_ => replies.Count > 1 ? replies.Dequeue()() : replies.Peek()());
        GrainHost host = await StartAsync(
            model,
            silo: silo =>
                silo.Services.AddLogging(logging => logging.AddProvider(lines).AddFilter<LogLines>("OrleansMemory", LogLevel.Trace))
        );
        MemoryScope scope = Scope(Secret);
        await RecordAsync(host, scope, Secret + " turn");
        Assert.False((await ExtractAsync(host, scope)).IsComplete);
        Assert.True((await ExtractAsync(host, scope)).IsComplete);
        Assert.Contains(lines.Lines, line => line.StartsWith("Distilled 1 turns", StringComparison.Ordinal));
        Assert.Contains(lines.Lines, line => line.StartsWith("A reply of the model", StringComparison.Ordinal));
        Assert.Contains(lines.Lines, line => line.StartsWith("Distilling failed (InvalidOperationException)", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Lines, line => line.Contains(Secret, StringComparison.Ordinal));
    }
}
