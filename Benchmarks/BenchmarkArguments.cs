using System.CommandLine;
using System.Globalization;
using OrleansMemory.Benchmarks.Plots;
using OrleansMemory.Benchmarks.Recall;
using OrleansMemory.LocalEmbeddings;

namespace OrleansMemory.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Benchmarks">Which benchmarks, in the order in which they run.</param>
/// <param name="Slice">How long one contender is measured at a time.</param>
/// <param name="Conversations">How many conversations with a time to live there are.</param>
/// <param name="Silo">
/// A published silo's program, for questions that start one; <see langword="null"/> for the one that was built with this.
/// </param>
/// <param name="Largest">The largest size of questions about growth; <see langword="null"/> for each question's own.</param>
/// <param name="JsonFile">Where the JSON goes; <see langword="null"/> for the console.</param>
/// <param name="RecallFiles">What the quality of recall is measured on; <see langword="null"/> when it is not.</param>
internal sealed record BenchmarkArguments(
    IReadOnlyList<IBenchmark> Benchmarks,
    TimeSpan Slice,
    int Conversations,
    string? Silo,
    int? Largest,
    string? JsonFile,
    RecallFiles? RecallFiles
)
{
    // Three seconds hold thousands of commits; with five rounds a whole run stays within some minutes.
    private const double DefaultSeconds = 3;

    // The number that DESIGN section 8 names.
    private const int DefaultConversations = 1_000_000;

    /// <summary>The command, which says by <c>--help</c> what it takes.</summary>
    /// <param name="run">Runs what is asked for; gives the exit code.</param>
    /// <returns>The command.</returns>
    public static RootCommand Command(Func<BenchmarkArguments, Task<int>> run)
    {
        var names = new Argument<string[]>("names")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description =
                $"Which questions; where none is named, all of them but those about growth: {string.Join(", ", BenchmarkCatalog.Names)}.",
        };
        var seconds = new Option<double>("--seconds")
        {
            DefaultValueFactory = _ => DefaultSeconds,
            Description = "How long one contender is measured at a time, 0.1 or more.",
        };
        var conversations = new Option<int>("--conversations")
        {
            DefaultValueFactory = _ => DefaultConversations,
            Description = "How many conversations with a time to live there are, 1 or more.",
        };
        var silo = new Option<string?>("--silo")
        {
            Description =
                "The program of a published silo (OrleansMemory.Silo or its .dll), for questions that start one; what was built with this where none is given.",
        };
        var largest = new Option<int?>("--largest")
        {
            Description = "The largest size of questions about growth, 1 or more; each question's own where none is given.",
        };
        var json = new Option<string?>("--json") { Description = "A file for the figures; the console where none is given." };
        var memories = new Option<string?>("--memories") { Description = "For recall-quality: what is remembered, JSON lines." };
        var queries = new Option<string?>("--queries") { Description = "For recall-quality: what is asked, JSON lines." };
        var answers = new Option<string?>("--run") { Description = "For recall-quality: a file for what was found." };
        var model = new Option<LocalEmbeddingModel?>("--model")
        {
            Description = "For recall-quality: a model that embeds in the process, ArcticXs or MiniLM; none where none is given.",
        };
        names.Validators.Add(result =>
        {
            foreach (string unknown in (result.GetValueOrDefault<string[]>() ?? []).Except(BenchmarkCatalog.Names, StringComparer.Ordinal))
            {
                result.AddError($"There is no benchmark {unknown}. There are: {string.Join(", ", BenchmarkCatalog.Names)}.");
            }
        });
        AtLeast(seconds, 0.1);
        AtLeast(conversations, 1);
        AtLeast(largest, 1);
        silo.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } program && !File.Exists(program))
            {
                result.AddError($"--silo: there is no file {program}.");
            }
        });
        var command = new RootCommand("Asks what something costs, beside its floor in the same run.")
        {
            names,
            seconds,
            conversations,
            silo,
            largest,
            json,
            memories,
            queries,
            answers,
            model,
            PlotCommand.Make(),
        };
        command.Validators.Add(result =>
        {
            int given = new[] { memories, queries, answers }.Count(file => result.GetValue(file) is not null);
            bool asked = (result.GetValue(names) ?? []).Contains(RecallQuality.OwnName, StringComparer.Ordinal);
            if (given is 1 or 2 || (asked && given == 0))
            {
                result.AddError($"{RecallQuality.OwnName} needs --memories, --queries and --run, each with a file.");
            }
        });
        command.SetAction(
            (parsed, _) =>
                run(
                    new BenchmarkArguments(
                        BenchmarkCatalog.Find(parsed.GetValue(names) ?? []),
                        TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                        parsed.GetValue(conversations),
                        parsed.GetValue(silo) is { } program ? Path.GetFullPath(program) : null,
                        parsed.GetValue(largest),
                        parsed.GetValue(json),
                        parsed.GetValue(memories) is { } remembered
                            ? new RecallFiles(remembered, parsed.GetValue(queries)!, parsed.GetValue(answers)!, parsed.GetValue(model))
                            : null
                    )
                )
        );
        return command;
    }

    // What is no number has an error of its own; to ask for its value would throw.
    private static void AtLeast(Option option, double least) =>
        option.Validators.Add(result =>
        {
            if (
                result.Tokens is [var token]
                && double.TryParse(token.Value, CultureInfo.InvariantCulture, out double number)
                && number < least
            )
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be {least} or more."));
            }
        });
}
