using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OrleansMemory.Cli.Transfer;

/// <summary>Options of exports and imports: how much at a time, and whether progress is shown.</summary>
internal sealed class TransferOptions
{
    private const int MostParallel = 64;
    private const int StandardParallel = 4;

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = $"How many conversations at a time, 1 to {MostParallel}.",
        DefaultValueFactory = _ => StandardParallel,
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description =
            "Shows no progress. Without it, it is on the error output: a bar on a terminal, else a line every few seconds; with --json there is none.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_parallel);
        command.Add(_quiet);
        _parallel.Validators.Add(Check);
    }

    public int Parallel(ParseResult parsed) => parsed.GetValue(_parallel);

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    private static void Check(OptionResult result)
    {
        if (
            result.Tokens is [var token]
            && int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number is < 1 or > MostParallel
        )
        {
            result.AddError($"--parallel is 1 to {MostParallel}.");
        }
    }
}
