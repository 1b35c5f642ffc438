using System.Globalization;
using Microsoft.Extensions.Primitives;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.Api;

/// <summary>The query string of a request, read by the names that its route knows.</summary>
internal static class RequestQuery
{
    // Where the time begins in an instant: behind yyyy-MM-dd and a separator.
    private const int TimeStart = 11;

    /// <summary>The version that a turn without a body of its own expects.</summary>
    public static readonly QueryParameter ExpectedVersion = new(
        "expectedVersion",
        "integer",
        "The version that the caller saw; 0 expects an unknown conversation. Left out, the turn commits onto whatever is there."
    );

    /// <summary>The parameter <see cref="ExpectedVersion"/>.</summary>
    /// <returns>The version; <see langword="null"/> when it is absent.</returns>
    public static long? ReadExpectedVersion(HttpRequest request) => Integer(request, ExpectedVersion.Name, 0, long.MaxValue);

    /// <summary>A text.</summary>
    /// <param name="name">The parameter.</param>
    /// <returns>Its text; <see langword="null"/> when it is absent.</returns>
    public static string? Text(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out StringValues values) ? values[0] : null;

    /// <summary>A whole number.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="least">The smallest that is allowed.</param>
    /// <param name="most">The greatest that is allowed.</param>
    /// <returns>The number; <see langword="null"/> when it is absent.</returns>
    public static long? Integer(HttpRequest request, string name, long least, long most)
    {
        if (Text(request, name) is not { } text)
        {
            return null;
        }

        return
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= least
            && number <= most
            ? number
            : throw new InvalidRequestException(
                name,
                most == long.MaxValue
                    ? FormattableString.Invariant($"A whole number of at least {least} is expected here.")
                    : FormattableString.Invariant($"A whole number from {least} to {most} is expected here.")
            );
    }

    /// <summary>A number of seconds.</summary>
    /// <param name="name">The parameter.</param>
    /// <returns>The duration; <see langword="null"/> when it is absent.</returns>
    public static TimeSpan? Seconds(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text)
        {
            return null;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal seconds)
            ? Durations.FromSeconds(seconds, name)
            : throw new InvalidRequestException(name, "A number of seconds is expected here.");
    }

    /// <summary>An instant.</summary>
    /// <param name="name">The parameter.</param>
    /// <returns>The instant; <see langword="null"/> when it is absent.</returns>
    public static DateTimeOffset? Instant(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text)
        {
            return null;
        }

        // A plus sign that was not percent-encoded arrives as a space; the space that some languages write between date and time stands
        // further to the left.
        int space = text.LastIndexOf(' ');
        string meant = space > TimeStart ? string.Concat(text.AsSpan(0, space), "+", text.AsSpan(space + 1)) : text;
        return Instants.TryParse(meant, out DateTimeOffset instant) ? instant : throw new InvalidRequestException(name, Instants.Expected);
    }

    /// <summary>Refuses parameters that the route does not know, and those that are given twice.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="next">What answers it.</param>
    /// <returns>The answer.</returns>
    public static ValueTask<object?> CheckAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        HttpContext context = invocation.HttpContext;
        IReadOnlyList<QueryParameter> known = context.GetEndpoint()?.Metadata.GetOrderedMetadata<QueryParameter>() ?? [];
        foreach ((string name, StringValues values) in context.Request.Query)
        {
            if (!known.Any(parameter => parameter.IsNamed(name)))
            {
                string names = known.Count == 0 ? "none" : string.Join(", ", known.Select(parameter => parameter.Name));
                throw new InvalidRequestException(name, $"This query parameter is not known. Known here: {names}.");
            }

            if (values.Count != 1 && !known.Any(parameter => parameter.IsList(name)))
            {
                throw new InvalidRequestException(name, "This query parameter stands here twice.");
            }
        }

        return next(invocation);
    }
}

/// <summary>A query parameter that a route knows.</summary>
/// <param name="Type">Its JSON type.</param>
/// <param name="Description">What it does, its range and its default.</param>
internal sealed record QueryParameter(string Name, string Type, string Description)
{
    /// <summary>The name of a parameter that stands for many, one for each key of an object: <c>metadata.{key}</c>.</summary>
    private const string AnyKey = ".{key}";

    /// <summary>The name of the object whose keys it takes; <see langword="null"/> for a parameter that has one value.</summary>
    public string? Object => Name.EndsWith(AnyKey, StringComparison.Ordinal) ? Name[..^AnyKey.Length] : null;

    /// <summary>Whether a request without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>A value that it may have; <see langword="null"/> where none is shown.</summary>
    public string? Example { get; init; }

    /// <summary>
    /// Whether a name of a request is this parameter's as a list, each value a key and its value: <c>metadata=color=blue</c>.
    /// </summary>
    /// <returns>Whether it is; a list may stand there more than once.</returns>
    public bool IsList(string name) => Object is { } list && list.Equals(name, StringComparison.Ordinal);

    /// <summary>Whether a name of a request is this parameter's.</summary>
    public bool IsNamed(string name) =>
        Object is null ? Name.Equals(name, StringComparison.Ordinal) : IsList(name) || FindKey(name) is not null;

    /// <summary>
    /// The key that a name of a request stands for: <c>metadata.color</c>, or <c>metadata[color]</c> as many write the keys of an object.
    /// </summary>
    /// <returns>The key; <see langword="null"/> when it is none of this parameter's.</returns>
    public string? FindKey(string name) =>
        Object is not { } parent || name.Length <= parent.Length || !name.StartsWith(parent, StringComparison.Ordinal)
            ? null
            : (name[parent.Length], name[^1]) switch
            {
                ('.', _) => name[(parent.Length + 1)..],
                ('[', ']') => name[(parent.Length + 1)..^1],
                _ => null,
            };
}
