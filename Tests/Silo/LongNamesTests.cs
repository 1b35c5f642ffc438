using System.Net;
using System.Text.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>A problem names what is wrong, and does not send back all that was sent.</summary>
public sealed class LongNamesTests(SharedSilo silo)
{
    // An ellipsis behind 2,000 UTF-16 units.
    private const int MostUnits = 2_001;

    [Theory]
    [InlineData(700, 0)]
    [InlineData(1_999, 1)]
    [InlineData(2_000, 1)]
    [InlineData(100_000, 0)]
    public async Task A_problem_is_short_however_long_the_name_that_is_wrong(int letters, int pairs)
    {
        string name = new string('n', letters) + string.Concat(Enumerable.Repeat("\U0001F600", pairs));

        JsonElement problem = await silo.NewTenant()
            .RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "long", $$"""{"{{name}}":1}""");

        string parameter = problem.GetProperty("parameter").GetString()!;
        Assert.InRange(parameter.Length, 1, MostUnits);
        Assert.InRange(problem.GetProperty("detail").GetString()!.Length, 1, MostUnits);
        Assert.Equal(
            name.Length <= MostUnits - 1 ? name : name[..(letters == MostUnits - 2 ? letters : MostUnits - 1)] + "\u2026",
            parameter
        );
    }
}
