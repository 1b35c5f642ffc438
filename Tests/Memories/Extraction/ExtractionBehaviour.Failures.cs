using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Memories.Extraction;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Memories.Vectors;
using OrleansMemory.Tests.Support;
using Xunit;
using static OrleansMemory.Tests.Memories.Extraction.SomeTurns;

namespace OrleansMemory.Tests.Memories.Extraction;

public abstract partial class ExtractionBehaviour
{
    public static TheoryData<string> Useless { get; } =
        new()
        {
            "",
            "I am sorry.",
            "[]",
            "{\"changes\": [",
            "{\"changes\": 1}",
            "{\"changes\": [{\"action\": \"add\", \"text\": 1}]}",
            "{\"changes\": [{\"action\": \"add\", \"text\": \"\\udc00\"}]}",
            new string('{', 50_000),
            "{\"changes\": []}" + new string('x', ReplyReader.MaxReplyLength),
        };

    [Theory]
    [MemberData(nameof(Useless))]
    public async Task Useless_replies_lose_no_turn_and_stand_in_nobodys_way(string reply)
    {
        string answer = reply;
        using var model = new ModelScript(_ => answer);
        GrainHost host = await StartAsync(model, options => (options.BatchTurns, options.MaxAttempts) = (8, 3));
        await RecordAsync(host, Scope(), "I breed llamas.", "two", "three", "four");

        Assert.Equal(
            new ExtractionReport
            {
                Turns = 4,
                GivenUp = 4,
                IsComplete = true,
            },
            await ExtractAsync(host, Scope())
        );
        Assert.Equal(4, (await Memory(host, Scope()).RecallAsync(new RecallRequest { Query = "llamas" })).Considered);
        Assert.Equal("I breed llamas.", (await RecallAsync(host, Scope(), "llamas"))[0]);
        Assert.Empty(await FactsAsync(host));
        Assert.InRange(model.Asked.Count, 6, 12);
        Assert.Contains("could not be read", model.Asked[1], StringComparison.Ordinal);

        answer = Reply(Add("Alice has a boat."));
        await RecordAsync(host, Scope(), "I bought a boat.");
        Assert.Equal(1, (await ExtractAsync(host, Scope())).Added);
        Assert.DoesNotContain("could not be read", model.Asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_comes_right_the_second_time_counts()
    {
        var replies = new Queue<string>(["So here it is: {", Reply(Add("Alice has a boat."))]);
        using var model = new ModelScript(_ => replies.Dequeue());
        GrainHost host = await StartAsync(model);
        await RecordAsync(host, Scope(), "I bought a boat.");
        Assert.Equal(
            new ExtractionReport
            {
                Turns = 1,
                Added = 1,
                IsComplete = true,
            },
            await ExtractAsync(host, Scope())
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_the_model_replies_turns_stay_and_changes_come_whole_or_not_at_all(int seed)
    {
        var random = new Random(seed);
        string valid = Reply(Add("New one."), Add("New two."), Retire("f1"), Update("f2", "Changed."));
        using var model = new ModelScript(_ =>
            random.Next(3) switch
            {
                0 => valid[..random.Next(valid.Length)],
                1 => string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => (char)random.Next(32, 126))),
                _ => valid.Remove(random.Next(valid.Length), 1),
            }
        );
        GrainHost host = await StartAsync(model, options => options.BatchTurns = 4);
        for (int i = 0; i < 12; i++)
        {
            MemoryScope scope = Scope(FormattableString.Invariant($"user{i}"));
            await SaveAsync(host, scope, "Old one.");
            await SaveAsync(host, scope, "Old two.");
            await RecordAsync(host, scope, "Turn one.", "Turn two.", "Turn three.");
            ExtractionReport report = await ExtractAsync(host, scope);
            Assert.True(report is { Turns: 3, IsComplete: true }, $"Seed {seed}, case {i}: {report}");
            MemoryPage shown = await Directory(host).ListAsync(new MemoryListQuery { User = scope.User });
            Assert.True(shown.Memories.Count(memory => memory.Kind == MemoryKind.Turn) == 3, $"Seed {seed}, case {i}");
            int facts = shown.Memories.Count(memory => memory.Kind == MemoryKind.Fact);
            Assert.True(facts == 2 + report.Added - report.Retired, $"Seed {seed}, case {i}: {report}");
        }
    }

    [Fact]
    public async Task A_call_that_fails_leaves_the_turns_waiting()
    {
        bool down = true;
        using var model = new ModelScript(_ => down ? throw new HttpRequestException("503") : Reply(Add("Alice has a boat.")));
        GrainHost host = await StartAsync(model);
        await RecordAsync(host, Scope(), "I bought a boat.", "And a car.");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(new ExtractionReport(), await ExtractAsync(host, Scope()));
        }

        Assert.Equal(2, await WaitingAsync(host, Scope()));
        down = false;
        Assert.Equal(
            new ExtractionReport
            {
                Turns = 2,
                Added = 1,
                IsComplete = true,
            },
            await ExtractAsync(host, Scope())
        );
    }

    [Fact]
    public async Task A_turn_that_the_model_refuses_stops_no_other()
    {
        using var model = new ModelScript(asked =>
            asked.Contains("forbidden", StringComparison.Ordinal)
                ? throw new InvalidOperationException("400: content filter")
                : Reply([
                    .. ModelScript.Lines(asked, "turns").Select((_, i) => Add("Fact of " + Guid.NewGuid(), ExtractionBatch.TurnName(i))),
                ])
        );
        GrainHost host = await StartAsync(model, options => (options.BatchTurns, options.MaxAttempts) = (8, 2));
        await RecordAsync(host, Scope(), "a", "forbidden", "b", "c", "d", "e");
        var given = new ExtractionReport();
        for (int i = 0; i < 20 && !given.IsComplete; i++)
        {
            ExtractionReport step = await ExtractAsync(host, Scope());
            given = step with
            {
                Turns = given.Turns + step.Turns,
                Added = given.Added + step.Added,
                GivenUp = given.GivenUp + step.GivenUp,
            };
            await RecordAsync(host, Scope("bob"), "nothing");
            if (!step.IsComplete)
            {
                await RecordAsync(host, Scope(), "more");
            }
        }

        Assert.True(given is { GivenUp: 1, IsComplete: true }, given.ToString());
        Assert.Equal(given.Turns - 1, given.Added);
        Assert.Contains("forbidden", await RecallAsync(host, Scope(), "forbidden"));
    }

    [Fact]
    public async Task What_becomes_of_turns_is_counted()
    {
        var replies = new Queue<string>(["", Reply(Add("Alice has a boat."), Add("Alice has a car.")), "", ""]);
        using var model = new ModelScript(_ => replies.Dequeue());
        GrainHost host = await StartAsync(model, options => options.MaxAttempts = 2);
        MemoryInstruments instruments = host.Services.GetRequiredService<MemoryInstruments>();
        using var turns = new CounterListener(instruments, TelemetryNames.DistilledTurns);
        using var changes = new CounterListener(instruments, TelemetryNames.FactChanges);
        using var givenUp = new CounterListener(instruments, TelemetryNames.GivenUpTurns);
        using var failures = new CounterListener(instruments, TelemetryNames.ExtractionFailures);
        await RecordAsync(host, Scope(), "one");
        await ExtractAsync(host, Scope());
        await RecordAsync(host, Scope(), "two");
        await ExtractAsync(host, Scope());
        Assert.Equal((1, 2, 1, 3), (turns.Sum, changes.Sum, givenUp.Sum, failures.Sum));
    }
}
