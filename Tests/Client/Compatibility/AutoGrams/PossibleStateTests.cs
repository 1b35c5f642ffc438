using System.Net;
using System.Text.Json.Nodes;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>A state that no program can be in is refused where it comes in, named by its part.</summary>
public sealed class PossibleStateTests(SharedSilo silo)
{
    private const string Frame = """{"line_number":1,"function_name":"f","locals":{}}""";
    private const string Turns = """{"scope":"global","turns":[],"system_prompt":"p"}""";

    /// <summary>Frames of the stack, frames of turns, pointer, depth, and the part that the error names.</summary>
    public static TheoryData<int, int, int, int, string?> States =>
        new()
        {
            { 0, 0, -1, 0, null },
            { 2, 2, -1, 2, null },
            { 2, 2, 0, 2, null },
            { 1, 2, 1, 2, null },
            { 0, 1, 0, 1, null },
            { 2, 2, -5, 2, "stack_pointer" },
            { 2, 2, 7, 2, "stack_pointer" },
            { 2, 2, 2, 2, "stack_pointer" },
            { 0, 0, 0, 0, "stack_pointer" },
            { 0, 0, -1, -3, "call_depth" },
            { 2, 1, -1, 2, "turn_stack" },
            { 2, 3, -1, 2, "turn_stack" },
            { 1, 2, -1, 2, "stack" },
            { 1, 2, 0, 2, "stack" },
            { 3, 2, -1, 2, "stack" },
            { 0, 2, 1, 2, "stack" },
        };

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_state_is_taken_only_if_a_program_can_be_in_it(int stack, int turns, int running, int depth, string? refused)
    {
        string json = await DocumentAsync(stack, turns, running, depth);
        SiloTenant tenant = silo.NewTenant();
        if (refused is null)
        {
            Assert.Equal(running, MemoryObject.Deserialize(json, SerializationMode.Json).StackPointer);
            await tenant.AskAsync(HttpStatusCode.Created, "PUT", "p/memory-object?format=json", json);
            return;
        }

        InvalidRequestException failure = Assert.Throws<InvalidRequestException>(() =>
            MemoryObject.Deserialize(json, SerializationMode.Json)
        );
        Assert.Equal(refused, failure.Parameter);
        Assert.Contains(refused, failure.Message, StringComparison.Ordinal);
        await tenant.RefuseAsync(HttpStatusCode.BadRequest, "invalid-request", "PUT", "p/memory-object?format=json", json);
    }

    [Fact]
    public async Task Every_state_that_is_taken_can_be_saved_and_loaded_again_and_others_are_refused()
    {
        foreach (int seed in Generated.Seeds(200))
        {
            var random = new Random(seed);
            string json = await DocumentAsync(random.Next(4), random.Next(4), random.Next(-3, 5), random.Next(-1, 4));
            MemoryObject memory;
            try
            {
                memory = MemoryObject.Deserialize(json, SerializationMode.Json);
            }
            catch (InvalidRequestException)
            {
                continue;
            }

            string again = await memory.SerializeAsync(SerializationMode.Json);
            Assert.Equal(memory.StackPointer, MemoryObject.Deserialize(again, SerializationMode.Json).StackPointer);
        }
    }

    private static async Task<string> DocumentAsync(int stack, int turns, int running, int depth)
    {
        JsonNode document = JsonNode.Parse(await new MemoryObject().SerializeAsync(SerializationMode.Json))!;
        document["stack"] = new JsonArray([.. Enumerable.Range(0, stack).Select(_ => JsonNode.Parse(Frame))]);
        document["turn_stack"] = new JsonArray([.. Enumerable.Range(0, turns).Select(_ => JsonNode.Parse(Turns))]);
        document["stack_pointer"] = running;
        document["call_depth"] = depth;
        return document.ToJsonString();
    }
}
