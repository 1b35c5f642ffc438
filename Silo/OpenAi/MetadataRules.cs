using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>
/// OpenAI's rules for the metadata of a conversation. Metadata that came through another API may be any JSON object, and is answered as it
/// is.
/// </summary>
internal static class MetadataRules
{
    /// <summary>The most pairs.</summary>
    public const int MaxPairs = 16;

    /// <summary>The longest key, in characters.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValueLength = 512;

    private const string Name = "metadata";

    /// <summary>Reads metadata.</summary>
    /// <param name="given">What the request has; <see langword="null"/> when it has none.</param>
    /// <returns>The metadata, as JSON; <see langword="null"/> for none.</returns>
    /// <exception cref="Errors.ProblemException">It breaks a rule.</exception>
    public static string? Read(JsonElement? given)
    {
        if (given is not { } metadata)
        {
            return null;
        }

        if (metadata.ValueKind != JsonValueKind.Object)
        {
            throw OpenAiProblem.WrongType(Name, "an object");
        }

        Dictionary<string, JsonElement> pairs = StrictObject.ReadMap(metadata, Name);
        if (pairs.Count > MaxPairs)
        {
            throw OpenAiProblem.Invalid(
                "object_above_max_properties",
                Name,
                FormattableString.Invariant($"Metadata has at most {MaxPairs} pairs, and this has {pairs.Count}.")
            );
        }

        foreach ((string key, JsonElement value) in pairs)
        {
            Check(key, value);
        }

        return metadata.GetRawText();
    }

    private static void Check(string key, JsonElement value)
    {
        if (Length(key) > MaxKeyLength)
        {
            throw OpenAiProblem.Invalid(
                "property_name_above_max_length",
                Name,
                FormattableString.Invariant($"A key of metadata has at most {MaxKeyLength} characters.")
            );
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw OpenAiProblem.WrongType($"{Name}.{key}", "a string");
        }

        if (Length(JsonText.Read(value)) > MaxValueLength)
        {
            throw OpenAiProblem.Invalid(
                "string_above_max_length",
                $"{Name}.{key}",
                FormattableString.Invariant($"A value of metadata has at most {MaxValueLength} characters.")
            );
        }
    }

    // Characters as the world counts them: a pair of surrogates is one.
    private static int Length(string text) => text.EnumerateRunes().Count();
}
