using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Diagnostics;

/// <summary>
/// Every event that is logged has an id of its own over all projects, and <c>docs/events.md</c> lists it. Run with
/// <c>ORLEANSMEMORY_RECORD_EVENTS=1</c> to write the table again; an id that is in no code any more goes to the retired ones by hand.
/// </summary>
public sealed class EventTableTests
{
    private const string Page = "docs/events.md";
    private const string Begin = "<!-- events -->\n";
    private const string End = "<!-- retired -->\n";

    private static readonly Event[] Events =
    [
        .. from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "OrleansMemory.*.dll")
        let name = Path.GetFileNameWithoutExtension(file)
        where !name.Contains("Tests", StringComparison.Ordinal)
        from type in Assembly.Load(name).GetTypes()
        from method in type.GetMethods(
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
        )
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        orderby message.EventId, name
        select new Event(message.EventId, message.Level, name["OrleansMemory.".Length..], message.Message),
    ];

    [Fact]
    public void No_two_events_have_the_same_id()
    {
        Assert.NotEmpty(Events);
        Assert.Empty(Events.GroupBy(one => one.Id).Where(same => same.Count() > 1).Select(same => string.Join(" and ", same)));
    }

    [Fact]
    public void The_page_lists_what_there_is()
    {
        string page = File.ReadAllText(Checkout.PathOf(Page));
        (int begin, int end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        string table = Table();
        if (Environment.GetEnvironmentVariable("ORLEANSMEMORY_RECORD_EVENTS") == "1")
        {
            File.WriteAllText(Checkout.PathOf(Page), page[..begin] + table + page[end..]);
            return;
        }

        Assert.Equal(table, page[begin..end]);
    }

    [Fact]
    public void A_retired_id_is_not_given_again()
    {
        string page = File.ReadAllText(Checkout.PathOf(Page));
        int[] retired =
        [
            .. from line in page[page.IndexOf(End, StringComparison.Ordinal)..].Split('\n')
            where line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2])
            select int.Parse(line.Split('|')[1], CultureInfo.InvariantCulture),
        ];
        Assert.NotEmpty(retired);
        Assert.Empty(Events.Select(one => one.Id).Intersect(retired));
    }

    private static string Table()
    {
        var table = new StringBuilder("| id | level | project | message |\n|---|---|---|---|\n");
        foreach (Event one in Events)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {one.Id} | {one.Level} | {one.Project} | {one.Message.Trim().Replace("|", "\\|", StringComparison.Ordinal)} |\n"
            );
        }

        return table.Append('\n').ToString();
    }

    private sealed record Event(int Id, LogLevel Level, string Project, string Message);
}
