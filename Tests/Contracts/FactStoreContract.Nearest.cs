using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Stores that find the nearest themselves are put to NearestScan in Tests/Storage/PgvectorTests.
public abstract partial class FactStoreContract
{
    [Fact]
    public async Task A_store_that_does_not_compare_vectors_says_so()
    {
        var scan = new NearestScan(1);
        await scan.RecordAsync(Store, 5);
        Assert.False(Store.FindsNearest(NearestScan.Dimensions));
        Assert.Null(await Store.FindNearestAsync(scan.NewSearch([]), None));
    }
}
