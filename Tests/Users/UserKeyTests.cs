using OrleansMemory.Errors;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Users;

public sealed class UserKeyTests
{
    [Theory]
    [InlineData("u")]
    [InlineData("a/b%2F c")]
    [InlineData("漢字 😀")]
    [InlineData("...")]
    public void A_key_is_read_as_it_was_written(string user)
    {
        var key = UserKey.Create("tenant", user);
        Assert.Equal(key, UserKey.Parse(key.ToString()));
        Assert.Equal(1, key.ToString().Count(character => character == '/'));
        Assert.True(key != UserKey.Create("tenant", user + "x"));
        Assert.True(key != UserKey.Create("tenant2", user));
    }

    [Fact]
    public void A_user_that_no_conversation_can_have_is_refused() =>
        Assert.All(
            (string[])["", ".", "..", "a\0b", "\ud800"],
            user => Assert.Equal("userId", Assert.Throws<InvalidRequestException>(() => UserKey.Create("t", user)).Parameter)
        );

    [Fact]
    public void Users_of_up_to_256_bytes_are_users()
    {
        Assert.Equal(256, UserKey.Create("t", new string('u', 256)).UserId.Length);
        Assert.Throws<InvalidRequestException>(() => UserKey.Create("t", new string('u', 257)));
        Assert.Throws<InvalidRequestException>(() => UserKey.Create("t", new string('é', 129)));
        Assert.Equal("tenant", Assert.Throws<InvalidRequestException>(() => UserKey.Create("a/b", "u")).Parameter);
        Assert.Equal("key", Assert.Throws<InvalidRequestException>(() => UserKey.Parse("t/%75")).Parameter);
    }
}
