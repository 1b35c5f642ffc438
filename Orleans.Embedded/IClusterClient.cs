namespace Orleans;

/// <summary>The entrance to the grains for code that is not a grain.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the host the client belongs to.</summary>
    IServiceProvider ServiceProvider { get; }
}
