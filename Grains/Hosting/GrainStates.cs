using Orleans.Storage;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The storage of our grains' states. It is in memory until a store is chosen that keeps states as well.</summary>
internal static class GrainStates
{
    /// <summary>The name under which it is registered. Of several the last one is used.</summary>
    public const string Storage = "orleans-memory";

    /// <summary>The service id to which states and reminders belong where no other one is configured.</summary>
    public const string DefaultServiceId = "orleans-memory";

    /// <summary>Whether there is a storage.</summary>
    /// <param name="builder">The silo.</param>
    /// <returns>Whether one was registered.</returns>
    public static bool AreStored(ISiloBuilder builder) => builder.Services.Any(
        service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, Storage));

    /// <summary>Whether a store may bring its own storage.</summary>
    /// <param name="builder">The silo.</param>
    /// <returns>Whether there is none, or only the one in memory.</returns>
    public static bool MayBeChosen(ISiloBuilder builder) =>
        !AreStored(builder) || builder.Services.Any(service => service.ServiceType == typeof(ForgetfulStates));
}

/// <summary>Says, by being registered, that states are kept in memory because nothing else was chosen.</summary>
internal sealed class ForgetfulStates;
