using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>What is wrong with a request, under OpenAI's codes.</summary>
internal static class OpenAiProblem
{
    public static ProblemException Unknown(string parameter) =>
        Invalid("unknown_parameter", parameter, "This parameter is not known here.");

    public static ProblemException Missing(string parameter) =>
        Invalid("missing_required_parameter", parameter, "This parameter is required.");

    /// <summary>A value of another kind.</summary>
    /// <param name="parameter">Where it stands.</param>
    /// <param name="expected">What is expected, with its article.</param>
    /// <returns>The error.</returns>
    public static ProblemException WrongType(string parameter, string expected) =>
        Invalid("invalid_type", parameter, $"{char.ToUpperInvariant(expected[0])}{expected[1..]} is expected here.");

    public static ProblemException WrongValue(string parameter, IEnumerable<string> supported) =>
        Invalid("invalid_value", parameter, $"This value is not supported. Supported values: {string.Join(", ", supported)}.");

    public static ProblemException TooMany(string parameter, int limit, int actual) =>
        Invalid(
            "array_above_max_length",
            parameter,
            FormattableString.Invariant($"At most {limit} are allowed at a time, and these are {actual}.")
        );

    public static ProblemException TooFew(string parameter) =>
        Invalid("array_below_min_length", parameter, "At least one is expected here.");

    /// <summary>A request that is not valid for a reason that has a code of its own.</summary>
    /// <param name="parameter">Where the reason stands.</param>
    /// <param name="message">What is wrong, and what would be right.</param>
    /// <returns>The error.</returns>
    public static ProblemException Invalid(string code, string parameter, string message) =>
        new(
            new Problem(StatusCodes.Status400BadRequest, code, "The request is not valid", message) { Members = [("parameter", parameter)] }
        );

    /// <summary>A conversation without this item.</summary>
    /// <param name="parameter">What named it.</param>
    /// <returns>The error.</returns>
    public static ProblemException NoItem(string parameter) =>
        new(
            new Problem(
                StatusCodes.Status404NotFound,
                "item-not-found",
                "There is no such item",
                "The conversation has no item of this id."
            )
            {
                Members = [("parameter", parameter)],
            }
        );
}
