using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OrleansMemory.AspNetCore;
using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;
using Xunit;

namespace OrleansMemory.Tests.Silo.Bodies;

public sealed class GatheredBodyTests
{
    private const string Tenant = "t";
    private const int MiB = 1024 * 1024;

    private readonly BodyBudget _budget = BudgetOf(
        new HttpOptions { MaxTenantBodyBytesInFlight = 128 * MiB, MaxBodyBytesInFlight = 256 * MiB }
    );

    [Fact]
    public void However_a_body_is_cut_it_is_read_as_if_it_came_at_once()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = Damaged(random, Encoding.UTF8.GetBytes(Value(random, 0)));

            (string? value, Type? failure) expected = Read(bytes, [bytes.Length]);
            (string? value, Type? failure) actual = Read(bytes, Cuts(random, bytes.Length));

            Assert.True(expected == actual, $"seed {seed}: {expected} at once, {actual} in pieces");
            Assert.Equal(0, _budget.Taken);
        }
    }

    [Fact]
    public void Too_many_tokens_are_refused_before_the_body_ends()
    {
        using GatheredBody body = Gather(maxTokens: 1_000);

        var failure = Assert.Throws<PayloadTooLargeException>(() =>
            body.Append(Bytes("[" + string.Concat(Enumerable.Repeat("0,", 1_000))))
        );

        Assert.Equal(("body", 1_000L, "JSON tokens"), (failure.Parameter, failure.Limit, failure.Unit));
    }

    [Fact]
    public void As_many_tokens_as_are_allowed_are_read()
    {
        using GatheredBody body = Gather(maxTokens: 1_000);
        body.Append(Bytes("[" + string.Join(',', Enumerable.Repeat("0", 998)) + "]"));
        body.Complete();

        using var json = RequestJson.Of(body);

        Assert.Equal(998, json.RootElement.GetArrayLength());
    }

    [Fact]
    public void Nesting_is_refused_before_the_body_ends()
    {
        using GatheredBody body = Gather();

        Assert.Throws<JsonTooDeepException>(() => body.Append(Bytes(new string('[', JsonScan.MaxDepth + 1))));
    }

    [Fact]
    public void A_fault_is_refused_before_the_body_ends_with_its_place()
    {
        using GatheredBody body = Gather();
        body.Append(Bytes("{\"a\":1,\n"));

        var failure = Assert.Throws<MalformedJsonException>(() => body.Append(Bytes("\"b\":x,\"c\":" + new string('1', 100))));

        Assert.Equal((2L, 5L), (failure.Line, failure.Column));
    }

    [Fact]
    public void More_bytes_than_are_allowed_are_refused_as_they_come()
    {
        using GatheredBody body = Gather(maxBytes: 100_000);
        body.Append(Bytes("\"" + new string('x', 99_998)));

        var failure = Assert.Throws<PayloadTooLargeException>(() => body.Append(Bytes("xx")));

        Assert.Equal((100_000L, "bytes"), (failure.Limit, failure.Unit));
    }

    [Fact]
    public void A_long_string_in_many_pieces_is_not_looked_at_again_for_each()
    {
        // 8 MiB in 4 KiB pieces: looked at from its beginning at each piece it would be 8 GiB, which no reader does in the time of a test.
        using GatheredBody body = Gather(maxBytes: 16 * MiB);
        ReadOnlySequence<byte> piece = Bytes(new string('x', 4_096));
        body.Append(Bytes("\""));
        for (int i = 0; i < 2_048; i++)
        {
            body.Append(piece);
        }

        body.Append(Bytes("\""));
        body.Complete();

        using var json = RequestJson.Of(body);
        Assert.Equal(8 * MiB, json.RootElement.GetString()!.Length);
    }

    [Fact]
    public void A_tenant_has_no_more_in_flight_than_its_share()
    {
        using GatheredBody first = Gather();
        first.Append(Bytes("\"" + new string('x', 30 * MiB)));
        using GatheredBody second = Gather();
        second.Append(Bytes("\"" + new string('x', 30 * MiB)));
        using GatheredBody third = Gather();
        third.Append(Bytes("\"" + new string('x', 30 * MiB)));
        using GatheredBody fourth = Gather();
        fourth.Append(Bytes("\"" + new string('x', 30 * MiB)));
        using GatheredBody fifth = Gather();

        Problem refused = Assert.Throws<ProblemException>(() => fifth.Append(Bytes("\"" + new string('x', 30 * MiB)))).Problem;

        Assert.Equal((429, "too-many-bytes-in-flight"), (refused.Status, refused.Code));
        Assert.Contains("this tenant", refused.Detail, StringComparison.Ordinal);
        Assert.NotNull(refused.RetryAfter);
        using GatheredBody other = Gather("other");
        other.Append(Bytes("\"" + new string('x', 30 * MiB)));
        first.Dispose();
        fifth.Append(Bytes("\"" + new string('x', 30 * MiB)));
    }

    [Fact]
    public void All_tenants_have_no_more_in_flight_than_the_whole()
    {
        var bodies = new List<GatheredBody>();
        Problem? refused = null;
        for (int tenant = 0; refused is null; tenant++)
        {
            bodies.Add(Gather(FormattableString.Invariant($"tenant-{tenant}")));
            refused = Record.Exception(() => bodies[^1].Append(Bytes("\"" + new string('x', 30 * MiB)))) is ProblemException failure
                ? failure.Problem
                : null;
        }

        Assert.Equal(9, bodies.Count);
        Assert.Contains("all tenants", refused.Detail, StringComparison.Ordinal);
        bodies.ForEach(body => body.Dispose());
        Assert.Equal(0, _budget.Taken);
    }

    [Fact]
    public void A_whole_body_counts_for_what_the_work_on_it_takes()
    {
        using GatheredBody body = Gather();
        body.Append(Bytes("\"" + new string('x', MiB - 2) + "\""));
        Assert.InRange(_budget.Taken, MiB, (2 * MiB) - 1);

        body.Complete();

        Assert.InRange(_budget.Taken, GatheredBody.WorkFactor * MiB, ((GatheredBody.WorkFactor + 1) * MiB) - 1);
    }

    [Fact]
    public void Tokens_count_as_what_a_document_makes_of_them()
    {
        using GatheredBody body = Gather();
        body.Append(Bytes("[" + string.Join(',', Enumerable.Repeat("0", 100_000)) + "]"));
        body.Complete();

        Assert.True(_budget.Taken > 100_000L * GatheredBody.TokenBytes);
    }

    [Theory]
    [InlineData(32 * MiB, 500_000, null, null, true)]
    [InlineData(1024 * MiB, 500_000, null, null, true)]
    [InlineData(32 * MiB, 500_000, 317L * MiB, null, false)]
    [InlineData(32 * MiB, 500_000, 318L * MiB, null, true)]
    [InlineData(32 * MiB, 1_000, 257L * MiB, null, true)]
    [InlineData(32 * MiB, 500_000, 400L * MiB, 399L * MiB, false)]
    public void A_body_that_is_allowed_fits(int bytes, int tokens, long? ofTenant, long? all, bool fits)
    {
        var limits = new HttpOptions
        {
            MaxRequestBytes = bytes,
            MaxRequestTokens = tokens,
            MaxTenantBodyBytesInFlight = ofTenant,
            MaxBodyBytesInFlight = all,
        };

        Assert.Equal(fits, BodyBudget.HasRoom(limits));
    }

    private static BodyBudget BudgetOf(HttpOptions options) => new(Options.Create(options));

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private GatheredBody Gather(string tenant = Tenant, long maxBytes = 32 * MiB, int maxTokens = 500_000) =>
        new(_budget.Lease(tenant), maxBytes, maxTokens);

    private (string? Value, Type? Failure) Read(byte[] bytes, IEnumerable<int> cuts)
    {
        using GatheredBody body = Gather();
        try
        {
            int from = 0;
            foreach (int to in cuts)
            {
                body.Append(new ReadOnlySequence<byte>(bytes.AsMemory(from..to)));
                from = to;
            }

            body.Complete();
            using var json = RequestJson.Of(body);
            return (json.RootElement.GetRawText(), null);
        }
        catch (MemoryException failure)
        {
            return (null, failure.GetType());
        }
    }

    private static List<int> Cuts(Random random, int length)
    {
        var cuts = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(length + 1)).Order().ToList();
        cuts.Add(length);
        return cuts;
    }

    // One byte of every third is another one.
    private static byte[] Damaged(Random random, byte[] bytes)
    {
        if (random.Next(3) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static string Value(Random random, int depth) =>
        (depth > 4 ? random.Next(4) : random.Next(6)) switch
        {
            0 => random.Next(-1_000_000, 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
            1 => JsonSerializer.Serialize(
                new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => "aé猫\"\\\n\u0001"[random.Next(7)])])
            ),
            2 => random.Next(2) == 0 ? "true" : "null",
            3 => "1.5e10",
            4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => Value(random, depth + 1)))}]",
            _ => $"{{{string.Join(" , ", Enumerable.Range(0, random.Next(6)).Select(i => $"\"n{i}\" :{Value(random, depth + 1)}"))}}}",
        };
}
