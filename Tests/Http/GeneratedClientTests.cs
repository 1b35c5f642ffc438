using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Http;

/// <summary>The client of the package OrleansMemory.Http is what is generated from the OpenAPI document of this build.</summary>
public sealed class GeneratedClientTests(SharedSilo silo)
{
    // Set to 1, a run writes the client.
    private const string Switch = "ORLEANSMEMORY_RECORD_HTTP";

    private static string Source => Path.Combine(Checkout.Root, "Http", "MemoryHttpClient.g.cs");

    [Fact]
    public async Task It_is_up_to_date()
    {
        string generated = await HttpClientSource.GenerateAsync(await silo.NewTenant().Http.GetStringAsync("/openapi/v1.json"));
        if (Environment.GetEnvironmentVariable(Switch) == "1")
        {
            await File.WriteAllTextAsync(Source, generated);
        }

        Assert.True(
            generated == await File.ReadAllTextAsync(Source),
            $"The OpenAPI document has changed. Run this test with {Switch}=1, look at the change of the client, and commit it."
        );
    }
}
