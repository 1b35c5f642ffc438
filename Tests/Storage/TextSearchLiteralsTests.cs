using Npgsql;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Text;
using OrleansMemory.Tests.Support;
using OrleansMemory.Tests.Text;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>What we write as tsvector and tsquery is read by PostgreSQL as it was meant, whatever stands in the text.</summary>
public sealed class TextSearchLiteralsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Hostile_texts_and_queries_match_in_PostgreSQL_as_they_do_here()
    {
        const int Seed = 17;
        var random = new Random(Seed);
        await using NpgsqlConnection connection = await OpenAsync();
        for (int i = 0; i < 1_500; i++)
        {
            TermVector vector = TermVector.Of([HostileText.Next(random, 40), HostileText.Next(random, 10)]);
            SearchExpression? expression = Parse(HostileText.Next(random, 12) + " " + HostileText.Next(random, 3));
            if (expression is not null)
            {
                Assert.True(expression.Matches(vector) == await MatchesAsync(connection, vector, expression), $"seed {Seed}, run {i}");
            }
        }
    }

    [Fact]
    public async Task Every_hostile_lexeme_comes_back_as_it_was()
    {
        const int Seed = 23;
        var random = new Random(Seed);
        await using NpgsqlConnection connection = await OpenAsync();
        for (int i = 0; i < 500; i++)
        {
            TermVector vector = TermVector.Of([HostileText.Next(random, 60)]);
            await using var command = new NpgsqlCommand("select tsvector_to_array($1::tsvector)", connection)
            {
                Parameters = { new() { Value = TextSearchLiterals.Vector(7, vector) } },
            };
            var lexemes = (string[])(await command.ExecuteScalarAsync())!;
            Assert.True(lexemes.ToHashSet(StringComparer.Ordinal).SetEquals([.. vector.Positions.Keys, "@7"]), $"seed {Seed}, run {i}");
        }
    }

    [Fact]
    public async Task Quotes_and_backslashes_of_a_lexeme_are_data()
    {
        await using NpgsqlConnection connection = await OpenAsync();
        foreach (string lexeme in new[] { "'", "\\", "a' | 'b", "\\'", "x':*", "'''", "\\\\", "a & !b", ":1,2" })
        {
            var expression = new SearchExpression([
                new SearchAlternative([new SearchPhrase([new QueryTerm(lexeme, TermMatch.Whole, 0)])], []),
            ]);
            await using var command = new NpgsqlCommand(
                "select array_to_tsvector(array[$1]) @@ $2::tsquery, numnode($2::tsquery)",
                connection
            )
            {
                Parameters =
                {
                    new() { Value = lexeme },
                    new() { Value = TextSearchLiterals.Query(expression) },
                },
            };
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            Assert.Equal((true, 1), (reader.GetBoolean(0), reader.GetInt32(1)));
        }
    }

    [Fact]
    public async Task Texts_at_every_limit_fit_into_a_tsvector()
    {
        await using NpgsqlConnection connection = await OpenAsync();
        string[] texts =
        [
            string.Join(' ', Enumerable.Range(0, 300_000).Select(i => $"w{i:x}")),
            string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"{new string('語', 70)}{i}")),
            string.Join(' ', Enumerable.Range(0, 40_000).Select(i => $"{i}{new string('я', 100)}")),
            string.Concat(Enumerable.Range(0, 60_000).Select(i => (char)(0x4E00 + (i * 7919 % 20_000)))),
            string.Concat(Enumerable.Repeat("a b ", 250_000)),
            new('\'', 1_000_000),
            new('\0', 1_000_000),
        ];
        SearchExpression expression = Parse("w1 OR 語語 OR a OR 一")!;
        foreach (TermVector vector in texts.Select(text => TermVector.Of([text])))
        {
            Assert.Equal(expression.Matches(vector), await MatchesAsync(connection, vector, expression));
        }
    }

    private static SearchExpression? Parse(string query)
    {
        try
        {
            return SearchExpressionParser.Parse(query, "q");
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    private static async Task<bool> MatchesAsync(NpgsqlConnection connection, TermVector vector, SearchExpression expression)
    {
        await using var command = new NpgsqlCommand("select $1::tsvector @@ ($2::tsquery && $3::tsquery)", connection)
        {
            Parameters =
            {
                new() { Value = TextSearchLiterals.Vector(7, vector) },
                new() { Value = TextSearchLiterals.Holder(7) },
                new() { Value = TextSearchLiterals.Query(expression) },
            },
        };
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
