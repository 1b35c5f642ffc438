using Npgsql;
using OrleansMemory.Grains.Storage.Postgres;
using Xunit;

namespace OrleansMemory.Tests.Silo.Start;

public sealed class PostgresUriTests
{
    [Theory]
    [InlineData("postgres://ada@db", "Host=db;Port=5432;Username=ada")]
    [InlineData("postgresql://ada:pw@db:6543/memory", "Host=db;Port=6543;Username=ada;Password=pw;Database=memory")]
    [InlineData("POSTGRES://ada:p%40s%3Bs@db/m%20m", "Host=db;Port=5432;Username=ada;Password='p@s;s';Database='m m'")]
    [InlineData("postgres://ada:p@ss@db/m", "Host=db;Port=5432;Username=ada;Password=p@ss;Database=m")]
    [InlineData("postgres://[::1]:6543/m", "Host=::1;Port=6543;Database=m")]
    [InlineData("postgres://a,b:6543/m", "Host='a:5432,b:6543';Database=m")]
    [InlineData("postgres://%2Fvar%2Frun/m", "Host=/var/run;Port=5432;Database=m")]
    [InlineData("postgres:///m?host=/var/run&user=ada", "Host=/var/run;Username=ada;Database=m")]
    [InlineData(
        "postgres://db/m?sslmode=verify-full&application_name=x&connect_timeout=7",
        "Host=db;Port=5432;Database=m;SSL Mode=VerifyFull;Application Name=x;Timeout=7"
    )]
    [InlineData(
        "postgres://db/m?target_session_attrs=read-write&Maximum%20Pool%20Size=3",
        "Host=db;Port=5432;Database=m;Target Session Attributes=read-write;Maximum Pool Size=3"
    )]
    public void A_uri_becomes_a_connection_string(string uri, string expected)
    {
        Assert.True(PostgresUri.TryConvert(uri, out string actual, out string problem), problem);

        Assert.True(new NpgsqlConnectionStringBuilder(expected).EquivalentTo(new NpgsqlConnectionStringBuilder(actual)), actual);
    }

    [Theory]
    [InlineData("postgres://ada:hunter2@db:port/m")]
    [InlineData("postgres://ada:hunter2@db:70000/m")]
    [InlineData("postgres://ada:hunter2%zz@db/m")]
    [InlineData("postgres://ada:hunter2@[::1/m")]
    [InlineData("postgres://ada:hunter2@/m")]
    [InlineData("postgres://ada:hunter2@db/m?sslmode=hunter2")]
    [InlineData("postgres://ada:x@db/m?hunter2=1")]
    public void What_is_wrong_is_told_without_a_part_of_it(string uri)
    {
        Assert.False(PostgresUri.TryConvert(uri, out string connectionString, out string problem));

        Assert.Equal("", connectionString);
        Assert.NotEqual("", problem);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_user_password_and_database_come_through()
    {
        var random = new Random(20_261_128);
        for (int run = 0; run < 500; run++)
        {
            string[] parts = [Text(random), Text(random), Text(random)];
            string uri =
                $"postgres://{Uri.EscapeDataString(parts[0])}:{Uri.EscapeDataString(parts[1])}@db:6543/{Uri.EscapeDataString(parts[2])}";

            Assert.True(PostgresUri.TryConvert(uri, out string connectionString, out _), uri);
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            Assert.Equal(parts, new[] { builder.Username ?? "", builder.Password ?? "", builder.Database ?? "" });
            Assert.Equal(("db", 6543), (builder.Host, builder.Port));
        }
    }

    // Mostly what means something in a URI or a connection string, between letters: Npgsql trims blanks at the ends.
    private static string Text(Random random)
    {
        const string Odd = "@:/?#[]%;='\"\\ &+,é漢";
        return "x" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Odd[random.Next(Odd.Length)])) + "x";
    }
}
