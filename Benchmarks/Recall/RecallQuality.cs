using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Client;
using OrleansMemory.Client.Memories;
using OrleansMemory.LocalEmbeddings;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>
/// What is recalled for the questions of a file, when the turns of another one were recorded? It writes a run file, which is scored
/// elsewhere, and says how long it took.
/// </summary>
internal sealed class RecallQuality : IBenchmark
{
    // Scores look at the first 20 at most; a few more are there for other measures.
    private const int Limit = 30;

    /// <summary>What it is called on the command line.</summary>
    public const string OwnName = "recall-quality";

    public string Name => OwnName;

    public async Task RunAsync(BenchmarkRun run)
    {
        if (run.RecallFiles is not { } files)
        {
            BenchmarkRun.Tell("left out: it needs --memories, --queries and --run");
            return;
        }

        IReadOnlyList<RecordedTurn> turns = TurnsFile.Read(files.Memories);
        IReadOnlyList<Question> questions = QuestionsFile.Read(files.Queries);
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(
            await run.Database.CreateSchemaAsync(),
            services => AddModel(services, files.Model)
        );
        ConversationClient client = host.Client;

        long started = Stopwatch.GetTimestamp();
        await RecordAsync(client, turns);
        run.Report(
            new Figure(
                Name,
                "turns recorded, one session in a call",
                "/s",
                Samples.Of(turns.Count / Stopwatch.GetElapsedTime(started).TotalSeconds)
            )
        );

        if (files.Model is not null)
        {
            started = Stopwatch.GetTimestamp();
            await EmbedAsync(host, turns);
            run.Report(
                new Figure(
                    Name,
                    "turns embedded after that",
                    "/s",
                    Samples.Of(turns.Count / Stopwatch.GetElapsedTime(started).TotalSeconds)
                )
            );
        }

        var answers = new List<(string, IReadOnlyList<(string, double)>)>(questions.Count);
        var milliseconds = new List<double>(questions.Count);
        Dictionary<string, DateTimeOffset> ends = turns
            .GroupBy(turn => turn.Conversation)
            .ToDictionary(said => said.Key, said => said.Max(turn => turn.SaidAt));
        foreach (Question question in questions)
        {
            var request = new RecallRequest
            {
                Query = question.Text,
                Limit = Limit,
                ReferenceInstant = ends[question.Conversation],
            };
            started = Stopwatch.GetTimestamp();
            RecallResult result = await client.Memories(user: question.Conversation).RecallAsync(request);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            answers.Add((question.Id, [.. result.Memories.Select(recalled => (recalled.Memory.MessageId!, recalled.Score))]));
        }

        var taken = new Samples(milliseconds);
        run.Report(new Figure(Name, "questions asked", "", Samples.Of(questions.Count)));
        run.Report(new Figure(Name, "p50 of a recall", "ms", Samples.Of(taken.Median)));
        run.Report(new Figure(Name, "p99 of a recall", "ms", Samples.Of(taken.Quantile(0.99))));
        await RunFile.WriteAsync(files.Run, answers);
    }

    /// <summary>Each conversation is a user of its own, each of its sessions a session.</summary>
    private static async Task RecordAsync(ConversationClient client, IReadOnlyList<RecordedTurn> turns)
    {
        foreach (
            IGrouping<(string Conversation, int Session), RecordedTurn> session in turns.GroupBy(turn => (turn.Conversation, turn.Session))
        )
        {
            ScopedMemories memories = client.Memories(
                user: session.Key.Conversation,
                session: session.Key.Session.ToString(CultureInfo.InvariantCulture)
            );
            await memories.RecordAsync(new RecordRequest { Memories = [.. session.Select(Memory)] });
        }
    }

    private static void AddModel(IServiceCollection services, LocalEmbeddingModel? model)
    {
        if (model is { } chosen)
        {
            services.AddLocalEmbeddings(options => options.Model = chosen);
        }
    }

    /// <summary>Waits until each turn has its vector. The background has begun with it already.</summary>
    private static async Task EmbedAsync(BenchmarkHost host, IReadOnlyList<RecordedTurn> turns)
    {
        foreach ((string conversation, int session) in turns.Select(turn => (turn.Conversation, turn.Session)).Distinct())
        {
            string scope = MemoryScope
                .Create(BenchmarkHost.Key("any").Tenant, user: conversation, session: session.ToString(CultureInfo.InvariantCulture))
                .ToString();
            if (!(await host.Grains.GetGrain<IMemoryEmbeddingGrain>(scope).EmbedAsync()).IsComplete)
            {
                throw new InvalidOperationException("Not every turn could be embedded.");
            }
        }
    }

    private static NewMemory Memory(RecordedTurn turn) =>
        new()
        {
            Kind = MemoryKind.Turn,
            Text = turn.Text,
            Caption = turn.Caption,
            Role = turn.Role,
            Speaker = turn.Speaker,
            MessageId = turn.Id,
            OccurredAt = turn.SaidAt,
        };
}

/// <summary>Where <see cref="RecallQuality"/> reads and writes.</summary>
/// <param name="Memories">The turns to record; see <see cref="TurnsFile"/>.</param>
/// <param name="Queries">The questions to ask; see <see cref="QuestionsFile"/>.</param>
/// <param name="Run">Where to write what was recalled; see <see cref="RunFile"/>.</param>
/// <param name="Model">A local model that embeds; <see langword="null"/> for recall by terms alone.</param>
internal sealed record RecallFiles(string Memories, string Queries, string Run, LocalEmbeddingModel? Model);
