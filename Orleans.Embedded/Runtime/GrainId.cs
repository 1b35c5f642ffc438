namespace Orleans.Runtime;

/// <summary>The identity of a grain: its type and its key, printed as <c>type/key</c>.</summary>
[GenerateSerializer, Immutable]
public readonly struct GrainId : IEquatable<GrainId>
{
    private readonly GrainType _type;
    private readonly IdSpan _key;

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The kind of grain.</param>
    /// <param name="key">The key, unique within the type.</param>
    public GrainId(GrainType type, IdSpan key)
    {
        _type = type;
        _key = key;
    }

    /// <summary>The kind of grain.</summary>
    public GrainType Type => _type;

    /// <summary>The key, unique within the type.</summary>
    public IdSpan Key => _key;

    /// <summary>Whether this is the empty value.</summary>
    public bool IsDefault => _type.IsDefault && _key.IsDefault;

    /// <summary>Makes an identity of two texts.</summary>
    /// <param name="type">The kind of grain; neither empty nor white space.</param>
    /// <param name="key">The key; neither empty nor white space.</param>
    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The kind of grain.</param>
    /// <param name="key">The key; neither empty nor white space.</param>
    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new GrainId(type, IdSpan.Create(key));
    }

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The kind of grain.</param>
    /// <param name="key">The key.</param>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="value">The text <c>type/key</c>.</param>
    /// <exception cref="ArgumentException">The text has no slash.</exception>
    public static GrainId Parse(string value) =>
        TryParse(value, out var result) ? result : throw new ArgumentException("A grain id has the form type/key.", nameof(value));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="value">The text <c>type/key</c>.</param>
    /// <param name="result">The identity, when the text has that form.</param>
    public static bool TryParse(string? value, out GrainId result)
    {
        var slash = value is null ? -1 : value.IndexOf('/', StringComparison.Ordinal);
        result = slash < 0 ? default : new(new GrainType(IdSpan.Create(value![..slash])), IdSpan.Create(value[(slash + 1)..]));
        return slash >= 0;
    }

    /// <summary>A hash over the whole range of <see cref="uint"/>, equal in every process.</summary>
    public uint GetUniformHashCode() => unchecked((_type.GetUniformHashCode() * 31) + _key.GetUniformHashCode());

    /// <inheritdoc />
    public bool Equals(GrainId other) => _key.Equals(other._key) && _type.Equals(other._type);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_type, _key);

    /// <inheritdoc />
    public override string ToString() => $"{_type}/{_key}";

    /// <summary>Whether both name the same grain.</summary>
    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    /// <summary>Whether they name different grains.</summary>
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
}
