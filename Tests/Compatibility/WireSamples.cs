using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace OrleansMemory.Tests.Compatibility;

/// <summary>Makes values of contract types in which no written member has its default.</summary>
/// <param name="seed">The same seed gives the same values.</param>
internal sealed class WireSamples(int seed)
{
    private static readonly string[] Pieces = ["text", "äöü", "日本語", "😀", "\n\t\"\\", "{\"a\":1}", "/", " "];

    private static readonly MethodInfo WrapMethod = typeof(WireSamples).GetMethod(
        nameof(Wrap),
        BindingFlags.Static | BindingFlags.NonPublic
    )!;

    // A type that holds itself in a list does so once.
    private const int MaxNested = 2;

    private readonly Random _random = new(seed);
    private readonly List<Type> _open = [];

    /// <summary>Makes a value.</summary>
    public object Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Make(inner);
        }

        if (type.IsEnum)
        {
            return Choice(type);
        }

        if (WireTypes.IsOurs(type))
        {
            return Fill(typeof(Exception).IsAssignableFrom(type) ? Throwable(type) : RuntimeHelpers.GetUninitializedObject(type));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return MakeArray(type.GetGenericArguments()[0]);
        }

        return Simple(type);
    }

    private object Fill(object value)
    {
        _open.Add(value.GetType());
        foreach (WireMember member in WireMember.Of(value.GetType()))
        {
            member.Field.SetValue(value, Make(member.Type));
        }

        _open.RemoveAt(_open.Count - 1);
        return value;
    }

    // What an exception says is made by its constructor; one that takes a cause is for those who throw it on their side of the wire.
    private object Throwable(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors()
            .Where(candidate => candidate.GetParameters().All(parameter => parameter.ParameterType != typeof(Exception)))
            .MaxBy(candidate => candidate.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Make(parameter.ParameterType))]);
    }

    private object MakeArray(Type item)
    {
        bool isFull = _open.Count(open => open == item) >= MaxNested;
        Array values = Array.CreateInstance(item, isFull ? 0 : _random.Next(1, 4));
        for (int i = 0; i < values.Length; i++)
        {
            values.SetValue(Make(item), i);
        }

        return WrapMethod.MakeGenericMethod(item).Invoke(null, [values])!;
    }

    private object Choice(Type type)
    {
        Array values = type.GetEnumValues();
        object[] named = [.. values.Cast<object>().Where(value => Convert.ToInt64(value, CultureInfo.InvariantCulture) != 0)];
        return named[_random.Next(named.Length)];
    }

    private object Simple(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.String => string.Concat(Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Pieces[_random.Next(Pieces.Length)])),
            TypeCode.Boolean => true,
            TypeCode.Int32 => _random.Next(1, int.MaxValue) * (_random.Next(2) == 0 ? 1 : -1),
            TypeCode.Int64 => _random.NextInt64(1, long.MaxValue) * (_random.Next(2) == 0 ? 1 : -1),
            TypeCode.Double => _random.NextDouble() + 0.5,
            TypeCode.Single => _random.NextSingle() + 0.5f,
            _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(_random.NextInt64(1, TimeSpan.TicksPerDay * 40_000)),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(
                _random.NextInt64(1, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay),
                TimeSpan.Zero
            ),
            _ when type == typeof(byte[]) => Enumerable.Range(1, _random.Next(1, 40)).Select(i => (byte)i).ToArray(),
            _ when type == typeof(Exception) => new InvalidOperationException("inner"),
            _ => throw new NotSupportedException(
                $"No sample of {type} is known. Add one to WireSamples, so that its round trip is tested."
            ),
        };

    private static ImmutableArray<T> Wrap<T>(T[] values) => [.. values];
}
