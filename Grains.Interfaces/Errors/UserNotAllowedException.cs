using OrleansMemory.Users;

namespace OrleansMemory.Errors;

/// <summary>The call is bound to one user (<see cref="BoundUser"/>) and names another one, or asks for what belongs to no user.</summary>
[GenerateSerializer, Alias("OrleansMemory.UserNotAllowedException")]
public sealed class UserNotAllowedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    public UserNotAllowedException()
        : base(
            "This caller sees and changes only what belongs to one user. Name that user, or leave the user out where it may be left out."
        )
    { }
}
