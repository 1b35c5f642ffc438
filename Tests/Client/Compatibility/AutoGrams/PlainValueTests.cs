using System.Collections.Immutable;
using System.Numerics;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>Locals and user globals take what a programmer puts there, and give it back.</summary>
public sealed class PlainValueTests
{
    private static readonly UserGlobals Globals = UserGlobals.Init("PlainValueTests");

    public static TheoryData<string> Names => [.. Values.Keys];

    private static Dictionary<string, object> Values { get; } =
        new(StringComparer.Ordinal)
        {
            ["byte"] = (byte)200,
            ["sbyte"] = (sbyte)-3,
            ["short"] = (short)-300,
            ["ushort"] = (ushort)60_000,
            ["int"] = int.MinValue,
            ["uint"] = uint.MaxValue,
            ["long"] = long.MinValue,
            ["ulong"] = ulong.MaxValue,
            ["Int128"] = Int128.MinValue,
            ["UInt128"] = UInt128.MaxValue,
            ["BigInteger"] = BigInteger.Pow(7, 80),
            ["Half"] = (Half)0.1,
            ["float"] = 3f,
            ["float small"] = 1e-30f,
            ["double"] = 3.0,
            ["double third"] = 1.0 / 3,
            ["double large"] = 1e300,
            ["double zero"] = -0.0,
            ["decimal"] = 1.10m,
            ["decimal large"] = decimal.MaxValue,
            ["decimal long"] = 0.1234567890123456789012345678m,
            ["char"] = 'x',
            ["text"] = "\ud800 and more",
            ["bool"] = true,
            ["DateTime"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(7),
            ["DateTimeOffset"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-5)),
            ["DateOnly"] = new DateOnly(2026, 1, 2),
            ["TimeOnly"] = new TimeOnly(3, 4, 5),
            ["TimeSpan"] = TimeSpan.FromTicks(123_456_789),
            ["Guid"] = Guid.NewGuid(),
            ["enum"] = DayOfWeek.Friday,
            ["bytes"] = new byte[] { 1, 2, 255 },
            ["ints"] = new[] { 1, 2 },
            ["list"] = new List<short> { 1, -2 },
            ["doubles"] = new List<double> { 1, 2.5 },
            ["set"] = new HashSet<string> { "a", "b" },
            ["sorted"] = new SortedSet<int> { 3, 1 },
            ["immutable"] = ImmutableArray.Create(1L, 2L),
            ["queue"] = new Queue<int>([1, 2]),
            ["map"] = new Dictionary<string, decimal> { ["a"] = 1.50m },
            ["map of lists"] = new Dictionary<string, List<DateOnly>> { ["a"] = [new DateOnly(2026, 1, 2)] },
            ["map by number"] = new Dictionary<int, string> { [7] = "seven" },
            ["nested"] = new[] { new[] { 1.0 }, [2.0, 3.5] },
        };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_value_comes_back_as_its_type_as_a_local_and_as_a_global(string name)
    {
        object value = Values[name];
        var memory = new MemoryObject();
        memory.ProcessCall();
        using (MemoryContext.Use(memory))
        {
            Globals["v"] = value;
        }

        memory.ProcessFunctionExit("f", 1, new Dictionary<string, object?> { ["v"] = value });
        MemoryObject loaded = MemoryObject.Deserialize(await memory.SerializeAsync());

        Check(value, loaded);
    }

    [Fact]
    public void Numbers_come_back_as_they_went_in()
    {
        using (MemoryContext.Use(new MemoryObject()))
        {
            foreach (
                (object given, object expected) in new (object, object)[]
                {
                    (3.0, 3.0),
                    (3f, 3.0),
                    (3, 3L),
                    (1e20, 1e20),
                    (0.1, 0.1),
                    (ulong.MaxValue, ulong.MaxValue),
                    (BigInteger.Pow(10, 30), BigInteger.Pow(10, 30)),
                    (1.10m, 1.10m),
                    (0.1234567890123456789m, 0.1234567890123456789m),
                    (1.1m, 1.1),
                    (7m, 7L),
                }
            )
            {
                Globals["n"] = given;
                Assert.Equal(expected, Globals["n"]);
                Assert.IsType(expected.GetType(), Globals["n"]);
            }
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task What_JSON_lacks_is_the_documented_error_by_every_way(double number)
    {
        var memory = new MemoryObject();
        memory.ProcessCall();
        using (MemoryContext.Use(memory))
        {
            foreach (
                object value in new object[]
                {
                    number,
                    (float)number,
                    (Half)number,
                    new[] { number },
                    new Dictionary<string, object?> { ["x"] = number },
                    new List<object?> { number },
                }
            )
            {
                Assert.Throws<UnserializableValueException>(() => Globals["v"] = value);
                Assert.Throws<UnserializableValueException>(() => memory.SetExternalCall(value, null));
                Assert.Throws<UnserializableValueException>(() => memory.LogModelTurn(value, "f", null));
            }
        }

        memory.ProcessFunctionExit("f", 1, new Dictionary<string, object?> { ["v"] = number });
        await Assert.ThrowsAsync<UnserializableValueException>(() => memory.SerializeAsync());
    }

    [Fact]
    public void A_name_that_no_turn_can_write_is_refused_when_it_is_set()
    {
        using (MemoryContext.Use(new MemoryObject()))
        {
            Assert.All(
                ["\0", ".", "..", "\ud800", new string('x', 1025), new string('\u20ac', 342)],
                name => Assert.Throws<InvalidRequestException>(() => Globals[name] = 1)
            );
            Assert.Equal(0, Globals.Count);
            Globals[new string('x', 1024)] = 1;
        }
    }

    [Fact]
    public void Uses_that_end_out_of_order_leave_no_ended_memory_active()
    {
        foreach (int seed in Generated.Seeds(200))
        {
            var random = new Random(seed);
            var open = new List<(MemoryObject Memory, IDisposable End)>();
            for (int step = 0; step < 30; step++)
            {
                if (open.Count == 0 || random.Next(2) == 0)
                {
                    var memory = new MemoryObject();
                    open.Add((memory, MemoryContext.Use(memory)));
                }
                else
                {
                    int which = random.Next(open.Count);
                    open[which].End.Dispose();
                    open[which].End.Dispose();
                    open.RemoveAt(which);
                }

                Assert.Same(open.Count == 0 ? null : open[^1].Memory, MemoryContext.Current);
            }

            open.ForEach(use => use.End.Dispose());
            Assert.Null(MemoryContext.Current);
        }
    }

    private static void Check<T>(T value, MemoryObject loaded)
        where T : notnull =>
        typeof(PlainValueTests)
            .GetMethod(nameof(CheckAs), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(value.GetType())
            .Invoke(null, [value, loaded]);

    private static void CheckAs<T>(T value, MemoryObject loaded)
    {
        Assert.Equal(value, loaded.Stack[0].Local<T>("v"));
        using (MemoryContext.Use(loaded))
        {
            Assert.Equal(value, Globals.Get<T>("v"));
        }
    }
}
