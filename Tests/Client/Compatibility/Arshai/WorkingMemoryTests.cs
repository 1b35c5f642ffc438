using System.Text.Json;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public sealed class WorkingMemoryTests
{
    [Fact]
    public void The_initial_text_has_four_sections_and_only_its_ends_are_stripped()
    {
        string[] lines = WorkingMemory.InitializeMemory().Text.Split('\n');

        Assert.Equal(
            ["### USER CONTEXT:", "### CONVERSATION FLOW:", "### CURRENT FOCUS:", "### INTERACTION TONE:"],
            lines.Where(line => line.Contains("###", StringComparison.Ordinal)).Select(line => line.Trim())
        );
        Assert.Equal(11, lines.Length);
        Assert.Equal("### USER CONTEXT:", lines[0]);
        Assert.All(lines.Skip(1).Where(line => line.Length > 0), line => Assert.Matches(@"^ {8}\S.*\S$", line));
        Assert.Equal(["", "", ""], lines.Where(string.IsNullOrWhiteSpace));
    }

    [Fact]
    public void The_stored_form_is_read_back()
    {
        var memory = new WorkingMemory("text \ud800");

        Assert.Equal([new KeyValuePair<string, object?>("working_memory", "text \ud800")], memory.ToDict());
        Assert.Equal(memory, WorkingMemory.FromDict(memory.ToDict()));
        var read = JsonSerializer.Deserialize<Dictionary<string, object?>>("""{"working_memory":"a\ud800","other":1}""")!;
        Assert.Equal("a\ud800", WorkingMemory.FromDict(read).Text);
    }

    [Fact]
    public void A_form_without_a_text_is_refused()
    {
        Assert.Equal(
            "working_memory",
            Assert.Throws<InvalidRequestException>(() => WorkingMemory.FromDict(new Dictionary<string, object?>())).Parameter
        );
        Assert.Throws<InvalidRequestException>(() => WorkingMemory.FromDict(new Dictionary<string, object?> { ["working_memory"] = 1 }));
        Assert.Throws<ArgumentNullException>(() => new WorkingMemory(null!));
    }

    [Theory]
    [InlineData("WORKING_MEMORY", ConversationMemoryType.WorkingMemory)]
    [InlineData("short_term_memory", ConversationMemoryType.ShortTermMemory)]
    [InlineData("Long_Term_Memory", ConversationMemoryType.LongTermMemory)]
    public void Types_have_names_in_upper_case_that_are_read_in_any(string name, ConversationMemoryType type)
    {
        Assert.Equal(type, ConversationMemoryTypes.Parse(name));
        Assert.Equal(name.ToUpperInvariant(), type.ToName());
        Assert.Equal($"memory:{name.ToUpperInvariant()}:c", type.ToKey("c"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("WORKING")]
    [InlineData("0")]
    [InlineData("work\u0131ng_memory")]
    public void A_name_of_no_type_is_refused(string? name) =>
        Assert.Equal("type", Assert.Throws<InvalidRequestException>(() => ConversationMemoryTypes.Parse(name!)).Parameter);
}
