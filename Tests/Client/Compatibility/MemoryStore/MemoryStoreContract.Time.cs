using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MemoryStore;

public abstract partial class MemoryStoreContract
{
    [Fact]
    public async Task A_value_is_gone_from_its_expiry_on_and_not_a_microsecond_earlier()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromSeconds(1.5));

        Clock.Advance(TimeSpan.FromSeconds(1.5) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, await Store.LoadAsync<int>(Session, Flags, "k"));
        Assert.Single(await Store.GetAllAsync<int>(Session, Flags));

        Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Assert.Empty(await Store.GetAllAsync<int>(Session, Flags));
    }

    [Fact]
    public async Task Fractions_are_kept_to_the_microsecond()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromTicks(25));

        Clock.Advance(TimeSpan.FromTicks(19));
        Assert.True((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Clock.Advance(TimeSpan.FromTicks(1));
        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
    }

    [Fact]
    public async Task The_shortest_life_is_a_microsecond()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromTicks(1));

        Assert.True((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task Without_a_ttl_or_with_zero_a_value_never_expires_also_when_it_did_before(int? seconds)
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromSeconds(1));
        await Store.SaveAsync(Session, Flags, "k", 2, seconds is { } given ? TimeSpan.FromSeconds(given) : null);

        Clock.Advance(TimeSpan.FromDays(10_000));

        Assert.Equal(2, await Store.LoadAsync<int>(Session, Flags, "k"));
    }

    [Fact]
    public async Task A_negative_ttl_has_expired_already_and_takes_the_older_value_with_it()
    {
        await Store.SaveAsync(Session, Flags, "k", 1);

        await Store.SaveAsync(Session, Flags, "k", 2, TimeSpan.FromTicks(-1));
        await Store.SaveAsync("fresh", Flags, "k", 2, TimeSpan.FromDays(-1));

        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
        Assert.Empty(await Store.GetAllAsync<int>(Session, Flags));
        Assert.Empty(await Store.GetAllAsync<int>("fresh", Flags));
    }

    [Fact]
    public async Task Saving_again_sets_the_expiry_anew()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromSeconds(10));
        Clock.Advance(TimeSpan.FromSeconds(9));
        await Store.SaveAsync(Session, Flags, "k", 2, TimeSpan.FromSeconds(10));

        Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, await Store.LoadAsync<int>(Session, Flags, "k"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
    }

    [Fact]
    public async Task An_expired_key_can_be_used_again()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromSeconds(1));
        Clock.Advance(TimeSpan.FromSeconds(1));

        await Store.DeleteAsync(Session, Flags, "k");
        await Store.SaveAsync(Session, Flags, "k", 2);

        Assert.Equal(2, await Store.LoadAsync<int>(Session, Flags, "k"));
    }

    [Fact]
    public async Task The_longest_ttl_is_36500_days()
    {
        await Store.SaveAsync(Session, Flags, "k", 1, TimeSpan.FromDays(36_500));

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Store.SaveAsync(Session, Flags, "k", 2, TimeSpan.FromDays(36_500) + TimeSpan.FromTicks(1))
        );

        Assert.Equal("ttl", failure.Parameter);
        Clock.Advance(TimeSpan.FromDays(36_500) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, await Store.LoadAsync<int>(Session, Flags, "k"));
        Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.False((await Store.TryLoadAsync<int>(Session, Flags, "k")).Found);
    }
}
