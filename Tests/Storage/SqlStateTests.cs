using System.Text;
using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.Postgres;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>Every SQLSTATE that there can be is one of four things, and only what the caller can mend is told as the caller's.</summary>
public sealed class SqlStateTests
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Text with U+0000, text of another encoding, and what is too long or too deep.</summary>
    private static readonly string[] Callers = ["22021", "22P05", "54000", "54001"];

    private static readonly string[] ConnectionClasses = ["08", "28", "3D"];
    private static readonly string[] Connections = ["55000", "57P01", "57P02", "57P03", "57P04", "57P05", "25006", "25P03"];
    private static readonly string[] PassingClasses = ["40", "53", "57", "58"];
    private static readonly string[] Passing = ["40001", "40P01", "55P03", "55006", "57014"];

    [Fact]
    public void Every_state_is_judged_as_the_table_says_and_all_others_are_ours()
    {
        foreach (string state in States())
        {
            DatabaseError expected =
                Callers.Contains(state) ? DatabaseError.Request
                : Connections.Contains(state) || ConnectionClasses.Contains(state[..2]) ? DatabaseError.Connection
                : Passing.Contains(state) || PassingClasses.Contains(state[..2]) ? DatabaseError.Passing
                : DatabaseError.Ours;
            Assert.True(expected == PostgresErrors.Judge(state), $"{state} is judged as {PostgresErrors.Judge(state)}, not as {expected}");
        }
    }

    [Theory]
    [InlineData("23502")]
    [InlineData("23503")]
    [InlineData("23505")]
    [InlineData("23514")]
    [InlineData("22P02")]
    [InlineData("22003")]
    [InlineData("22001")]
    [InlineData("42P01")]
    [InlineData("42804")]
    [InlineData("XX000")]
    [InlineData("")]
    public void Errors_of_our_statements_are_ours_and_have_an_id_each(string state)
    {
        var one = Assert.IsType<StoreFaultException>(PostgresErrors.Translate(Error(state)));
        var other = Assert.IsType<StoreFaultException>(PostgresErrors.Translate(Error(state)));
        Assert.Contains(one.FaultId, one.Message, StringComparison.Ordinal);
        Assert.NotEqual(one.FaultId, other.FaultId);
    }

    [Fact]
    public void What_the_caller_or_time_can_mend_says_so()
    {
        Assert.All(Callers, state => Assert.IsType<InvalidRequestException>(PostgresErrors.Translate(Error(state))));
        Assert.All(
            [.. Passing, .. Connections],
            state => Assert.IsType<MemoryUnavailableException>(PostgresErrors.Translate(Error(state)))
        );
        Assert.IsType<InvalidRequestException>(PostgresErrors.Translate(new EncoderFallbackException()));
    }

    [Fact]
    public void Json_that_is_none_is_the_callers_and_a_failed_cast_with_the_same_state_is_ours()
    {
        Assert.IsType<InvalidRequestException>(PostgresErrors.Translate(Error("22P02"), () => StorableData.Check([Row("[")])));
        Assert.IsType<StoreFaultException>(PostgresErrors.Translate(Error("22P02"), () => StorableData.Check([Row("[]")])));
    }

    [Fact]
    public void Errors_of_the_driver_are_judged_by_their_cause()
    {
        Assert.Equal(DatabaseError.Passing, PostgresErrors.Judge(new NpgsqlException("", new TimeoutException())));
        Assert.Equal(DatabaseError.Connection, PostgresErrors.Judge(new NpgsqlException("", new IOException())));
        Assert.Equal(DatabaseError.Connection, PostgresErrors.Judge(new ObjectDisposedException("pool")));
        Assert.Equal(DatabaseError.Passing, PostgresErrors.Judge(new InvalidOperationException("", Error("40001"))));
        Assert.Equal(DatabaseError.Ours, PostgresErrors.Judge(new InvalidCastException()));
    }

    private static PostgresException Error(string state) => new("message", "ERROR", "ERROR", state);

    private static MessageRow Row(string contents) =>
        Contracts.WrittenConversation.Sized(Contracts.WrittenConversation.Row(1, "").Message with { Contents = contents });

    /// <summary>
    /// All of the standard's and PostgreSQL's classes with all conditions whose first three characters are of the kind that they use.
    /// </summary>
    private static IEnumerable<string> States()
    {
        string[] classes =
        [
            "00",
            "01",
            "02",
            "03",
            "08",
            "09",
            "0A",
            "0B",
            "0F",
            "0L",
            "0P",
            "0Z",
            "20",
            "21",
            "22",
            "23",
            "24",
            "25",
            "26",
            "27",
            "28",
            "2B",
            "2D",
            "2F",
            "34",
            "38",
            "39",
            "3B",
            "3D",
            "3F",
            "40",
            "42",
            "44",
            "53",
            "54",
            "55",
            "57",
            "58",
            "72",
            "F0",
            "HV",
            "P0",
            "XX",
        ];
        return from sqlClass in classes
               from first in "0P"
               from second in Digits
               from third in Digits
               select $"{sqlClass}{first}{second}{third}";
    }
}
