using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>
/// A module's variables that every conversation has its own values of. While a memory is active (<see cref="MemoryContext"/>), reads and
/// writes go to that memory; without one they go to the defaults, with which every new conversation starts.
/// </summary>
/// <remarks>
/// A memory has one set of user globals, which all modules share; it starts as a copy of the defaults of the root function's module. Values
/// are kept as JSON from the moment they are set, so a value reads the same before and after a commit, and nothing is shared between
/// conversations: texts, numbers and truth values come back as such (a floating-point number as a <see cref="double"/>, or as a
/// <see cref="decimal"/> where that would lose digits), lists and objects as <see cref="JsonElement"/>; <see cref="Get{T}(string)"/> reads
/// the plain values that <see cref="StackFrame"/> lists, and any type that the serializer options know. Setting a value is a write, also of
/// the value that is there: it has no time to live from then on. Each call is whole by itself, from any thread.
/// </remarks>
public sealed class UserGlobals
{
    private static readonly ConcurrentDictionary<string, UserGlobals> Modules = new(StringComparer.Ordinal);

    private readonly GlobalsMap _defaults = new();

    private UserGlobals(string moduleId) => Module = moduleId;

    /// <summary>The module's id.</summary>
    public string Module { get; }

    /// <summary>The names, in the order in which they came.</summary>
    public IReadOnlyList<string> Keys => [.. Map.Items().Select(item => item.Key)];

    /// <summary>The values, in the order of their names.</summary>
    public IReadOnlyList<object?> Values => [.. Map.Items().Select(item => ProgramJson.Natural(item.Value))];

    /// <summary>The names and values, in the order in which the names came.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Items =>
        [.. Map.Items().Select(item => KeyValuePair.Create(item.Key, ProgramJson.Natural(item.Value)))];

    /// <summary>How many there are.</summary>
    public int Count => Map.Items().Count;

    private static JsonSerializerOptions Options => MemoryContext.Current?.JsonOptions ?? ProgramJson.DefaultOptions;

    private GlobalsMap Map => MemoryContext.Current?.Globals ?? _defaults;

    /// <summary>One value.</summary>
    /// <param name="name">Its name, 1 to 1,024 bytes of UTF-8, not <c>.</c> or <c>..</c>.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="UnserializableValueException">
    /// The value that is set is no JSON value and of no type that the serializer options know.
    /// </exception>
    /// <exception cref="OrleansMemory.Errors.InvalidRequestException">
    /// The name of the value that is set is one that no turn can write.
    /// </exception>
    public object? this[string name]
    {
        get => ProgramJson.Natural(Find(name));
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            EntryNames.RequireKey(name, "user_globals");
            Map.Set(name, ProgramJson.ToElement(value, "user_globals." + name, Options));
        }
    }

    /// <summary>Makes the user globals of a module: of the calling file, or of a name. Once per module and process.</summary>
    /// <param name="moduleName">The module's name; <see langword="null"/> takes the file.</param>
    /// <param name="callerFile">The calling file; the compiler fills it in.</param>
    /// <returns>The module's user globals.</returns>
    /// <exception cref="InvalidOperationException">User globals can only be initialized once per module.</exception>
    public static UserGlobals Init(string? moduleName = null, [CallerFilePath] string callerFile = "")
    {
        var globals = new UserGlobals(ModuleId.Create(moduleName, callerFile));
        return Modules.TryAdd(globals.Module, globals)
            ? globals
            : throw new InvalidOperationException("User globals can only be initialized once per module");
    }

    /// <summary>A value as a type.</summary>
    /// <typeparam name="T">The type; the serializer options must know it.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="UnserializableValueException">It is of another type.</exception>
    public T? Get<T>(string name) => ProgramJson.Read<T>(Find(name), "user_globals." + name, Options);

    /// <summary>A value as a type, or another one when there is none.</summary>
    /// <typeparam name="T">The type; the serializer options must know it.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">What to return when there is none of this name.</param>
    /// <returns>The value.</returns>
    /// <exception cref="UnserializableValueException">It is of another type.</exception>
    public T? Get<T>(string name, T? defaultValue)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Map.TryGet(name, out JsonElement value) ? ProgramJson.Read<T>(value, "user_globals." + name, Options) : defaultValue;
    }

    /// <summary>Whether there is a value of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether there is.</returns>
    public bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Map.TryGet(name, out _);
    }

    /// <summary>Removes a value.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public void Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Map.Remove(name))
        {
            throw Missing();
        }
    }

    /// <summary>Removes all values.</summary>
    public void Clear() => Map.Clear();

    /// <summary>The names and values as text, <c>UserGlobals({…})</c>. They are the user's own: do not log them.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var items = Map.Items().ToDictionary(item => item.Key, item => (object?)item.Value, StringComparer.Ordinal);
        return $"UserGlobals({ProgramJson.ToElement(items, "user_globals", ProgramJson.DefaultOptions).GetRawText()})";
    }

    /// <summary>The defaults that a new conversation starts with.</summary>
    /// <returns>The defaults of the root function's module; none without one.</returns>
    internal static IReadOnlyList<KeyValuePair<string, JsonElement>> DefaultsOf(RootFunction? root) =>
        root?.ModuleId is { } module && Modules.TryGetValue(module, out UserGlobals? globals) ? globals._defaults.Items() : [];

    private static KeyNotFoundException Missing() => new("There is no user global of this name.");

    private JsonElement Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Map.TryGet(name, out JsonElement value) ? value : throw Missing();
    }
}
