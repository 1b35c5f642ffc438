using System.CommandLine;
using System.Globalization;

namespace OrleansMemory.Cli.Commands;

/// <summary>Options that say how many.</summary>
internal static class Limits
{
    private const int Most = 1_000_000;

    /// <summary>The option <c>--limit</c>.</summary>
    /// <param name="standard">How many where it is not given.</param>
    public static Option<int> Option(int standard) => Option("--limit", "How many at most.", standard);

    /// <summary>An option that is a count.</summary>
    /// <param name="standard">How many where it is not given.</param>
    public static Option<int> Option(string name, string description, int standard)
    {
        var count = new Option<int>(name) { Description = $"{description} 1 to {Most}.", DefaultValueFactory = _ => standard };

        // What is no number has an error of its own; to ask for its value would throw.
        count.Validators.Add(result =>
        {
            if (
                result.Tokens is [var token]
                && int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                && number is (< 1 or > Most)
            )
            {
                result.AddError($"{name} is 1 to {Most}.");
            }
        });
        return count;
    }
}
