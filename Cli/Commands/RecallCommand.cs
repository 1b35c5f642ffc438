using System.CommandLine;
using System.Globalization;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Commands;

/// <summary>Finds the memories that answer a question best.</summary>
internal static class RecallCommand
{
    public static Command Create(Connection connection)
    {
        var question = new Argument<string>("question") { Description = "The question." };
        var scope = new ScopeOptions();
        Option<int> limit = Limits.Option(10);
        var minScore = new Option<double?>("--min-score") { Description = "Only memories with at least this score, 0 to 1." };
        minScore.Validators.Add(static result =>
        {
            if (
                result.Tokens is [var token]
                && double.TryParse(token.Value, CultureInfo.InvariantCulture, out double score)
                && score is not (>= 0 and <= 1)
            )
            {
                result.AddError("--min-score is 0 to 1.");
            }
        });
        var command = new Command("recall", "Finds the memories that answer a question best, the best first.")
        {
            question,
            limit,
            minScore,
        };
        scope.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                connection.RunAsync(
                    parsed,
                    async (memory, printer) =>
                    {
                        RecallDocument recalled = await memory.RecallMemoriesAsync(
                            new RecallBody
                            {
                                Agent = scope.Agent(parsed),
                                User = scope.User(parsed),
                                Session = scope.Session(parsed),
                                Query = parsed.GetRequiredValue(question),
                                Limit = parsed.GetValue(limit),
                                MinScore = parsed.GetValue(minScore),
                            },
                            cancellationToken
                        );
                        printer.Write(
                            recalled,
                            all =>
                            {
                                foreach (RecalledDocument one in all.Memories)
                                {
                                    printer.Line(one.Score.ToString("F2", CultureInfo.InvariantCulture), one.Memory.Text);
                                }
                            }
                        );
                    }
                )
        );
        return command;
    }
}
