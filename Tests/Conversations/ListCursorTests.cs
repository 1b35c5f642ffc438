using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>A cursor comes back as it went, or is refused.</summary>
public sealed class ListCursorTests
{
    private static readonly ListFilter Filter = new("tenant", "ada", null, null, ["k=1"]);
    private static readonly ListCursor Cursor = new(
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(6),
        new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
        1_234,
        "10:20:11,12"
    );

    [Fact]
    public void Cursor_that_was_written_is_read_and_fits_a_query_string()
    {
        string text = Cursor.Write(Filter);

        Assert.Equal(Cursor, ListCursor.Read(text, Filter));
        Assert.Equal(text, Uri.EscapeDataString(text));
    }

    [Fact]
    public void Cursor_with_any_letter_changed_or_cut_off_is_refused()
    {
        string text = Cursor.Write(Filter);
        for (int i = 0; i < text.Length; i++)
        {
            string changed = string.Concat(text.AsSpan(0, i), text[i] == 'A' ? "B" : "A", text.AsSpan(i + 1));
            Assert.Equal("cursor", Assert.Throws<InvalidRequestException>(() => ListCursor.Read(changed, Filter)).Parameter);
            Assert.Throws<InvalidRequestException>(() => ListCursor.Read(text[..i], Filter));
        }
    }

    [Fact]
    public void Filters_that_differ_have_hashes_that_differ()
    {
        ListFilter[] filters =
        [
            Filter,
            Filter with
            {
                Tenant = "tenan",
            },
            Filter with
            {
                UserId = null,
            },
            Filter with
            {
                UserId = null,
                AgentId = "ada",
            },
            Filter with
            {
                UserId = "",
            },
            Filter with
            {
                ForkOf = "root",
            },
            Filter with
            {
                ForkOf = "",
            },
            Filter with
            {
                Labels = [],
            },
            Filter with
            {
                Labels = ["k=1", "l=1"],
            },
            Filter with
            {
                UserId = "ada3:k=1",
                Labels = [],
            },
        ];

        Assert.Equal(filters.Length, filters.Select(filter => Convert.ToHexString(filter.Hash())).Distinct().Count());
    }
}
