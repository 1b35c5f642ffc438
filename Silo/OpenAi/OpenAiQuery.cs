using Microsoft.Extensions.Primitives;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>The query strings of OpenAI's routes.</summary>
internal static class OpenAiQuery
{
    /// <summary>A route that takes no parameter.</summary>
    public static readonly string[] None = [];

    /// <summary>The list of fields to include.</summary>
    public static readonly string[] Include = ["include"];

    /// <summary>What a list takes.</summary>
    public static readonly string[] List = ["after", "limit", "order", "include"];

    /// <summary>Refuses parameters that a route does not know, and those that are given twice.</summary>
    /// <param name="known">The names that the route knows.</param>
    /// <exception cref="Errors.ProblemException">There is such a parameter.</exception>
    public static void Check(IQueryCollection query, string[] known)
    {
        foreach ((string name, StringValues values) in query)
        {
            if (ItemIncludes.IsNamed(name) && known.Contains("include", StringComparer.Ordinal))
            {
                continue;
            }

            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw OpenAiProblem.Unknown(name);
            }

            if (values.Count != 1)
            {
                throw OpenAiProblem.Invalid("invalid_value", name, "This parameter stands here twice.");
            }
        }
    }
}
