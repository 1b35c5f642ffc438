using System.Globalization;
using OrleansMemory.Benchmarks.Recall;

namespace OrleansMemory.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Names">Which benchmarks; none for all.</param>
/// <param name="Slice">How long one contender is measured at a time.</param>
/// <param name="Conversations">How many conversations with a time to live there are.</param>
/// <param name="JsonFile">Where the JSON goes; <see langword="null"/> for the console.</param>
/// <param name="RecallFiles">What the quality of recall is measured on; <see langword="null"/> when it is not.</param>
internal sealed record BenchmarkArguments(IReadOnlyList<string> Names, TimeSpan Slice, int Conversations, string? JsonFile, RecallFiles? RecallFiles)
{
    // Three seconds hold thousands of commits; with five rounds a whole run stays within some minutes.
    private static readonly TimeSpan DefaultSlice = TimeSpan.FromSeconds(3);

    // The number that DESIGN section 8 names.
    private const int DefaultConversations = 1_000_000;

    public static BenchmarkArguments Parse(string[] arguments)
    {
        var names = new List<string>();
        TimeSpan slice = DefaultSlice;
        int conversations = DefaultConversations;
        string? jsonFile = null;
        var recall = new RecallFiles("", "", "");
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--seconds":
                    slice = TimeSpan.FromSeconds(double.Parse(Value(arguments, ref i), CultureInfo.InvariantCulture));
                    break;
                case "--conversations":
                    conversations = int.Parse(Value(arguments, ref i), NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "--json":
                    jsonFile = Value(arguments, ref i);
                    break;
                case "--memories":
                    recall = recall with { Memories = Value(arguments, ref i) };
                    break;
                case "--queries":
                    recall = recall with { Queries = Value(arguments, ref i) };
                    break;
                case "--run":
                    recall = recall with { Run = Value(arguments, ref i) };
                    break;
                case string name when !name.StartsWith('-'):
                    names.Add(name);
                    break;
                default:
                    throw new FormatException($"Unknown option {arguments[i]}. Options: --seconds n, --conversations n, --memories file, --queries file, --run file, --json file.");
            }
        }

        return slice >= TimeSpan.FromSeconds(0.1)
            ? new BenchmarkArguments(names, slice, conversations, jsonFile, Complete(recall, names))
            : throw new FormatException("--seconds must be 0.1 or more.");
    }

    private static RecallFiles? Complete(RecallFiles files, List<string> names)
    {
        int given = new[] { files.Memories, files.Queries, files.Run }.Count(file => file.Length > 0);
        return given == 3 ? files
            : given == 0 && !names.Contains(RecallQuality.OwnName, StringComparer.Ordinal) ? null
            : throw new FormatException($"{RecallQuality.OwnName} needs --memories, --queries and --run, each with a file.");
    }

    private static string Value(string[] arguments, ref int i) =>
        ++i < arguments.Length ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value.");
}
