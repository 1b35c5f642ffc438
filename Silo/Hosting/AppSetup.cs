using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Api.Bodies;
using OrleansMemory.Silo.Api.OpenApi;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Limits;
using OrleansMemory.Silo.OpenAi;
using OrleansMemory.Silo.Settings;
using OrleansMemory.Silo.Telemetry;

namespace OrleansMemory.Silo.Hosting;

/// <summary>Puts the app together.</summary>
internal static class AppSetup
{
    private const string DefaultAddress = "http://127.0.0.1:5080";

    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    // At the end requests get this long first, of which a grain call takes half a minute at most; then activations and turns that wait to
    // be written.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Begins the app. Its content, <c>appsettings.json</c> for one, lies beside the program, from wherever it is started.
    /// </summary>
    /// <param name="args">The command line: settings, each as <c>--Name=value</c>.</param>
    /// <exception cref="SettingException">The command line is not valid.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        try
        {
            IConfiguration given = new ConfigurationBuilder()
                .AddEnvironmentVariables("DOTNET_")
                .AddEnvironmentVariables("ASPNETCORE_")
                .AddCommandLine(args)
                .Build();
            return WebApplication.CreateBuilder(
                new WebApplicationOptions
                {
                    Args = args,
                    ContentRootPath = given[WebHostDefaults.ContentRootKey] ?? AppContext.BaseDirectory,
                }
            );
        }
        catch (FormatException failure)
        {
            throw new SettingException(
                "The command line holds something that is no setting. Write every setting as --Name=value.",
                failure
            );
        }
    }

    /// <summary>Adds the web side: limits, access, errors, JSON, the OpenAPI document.</summary>
    /// <param name="builder">The app.</param>
    public static void AddHttpSurface(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services
            .AddOptions<HttpOptions>()
            .BindConfiguration(HttpOptions.Section)
            .ValidateDataAnnotations()
            .Validate(BodyBudget.HasRoom, BodyBudget.RoomRule)
            .Validate(
                static limits => limits.TenantRequestsPerSecond.Values.All(rate => rate is >= 1 and <= 1_000_000),
                "OrleansMemory:Http:TenantRequestsPerSecond must be 1 to 1000000 for each tenant."
            )
            .ValidateOnStart();
        services.AddSingleton<BodyBudget>();
        services.AddSingleton<TenantGate>();
        services.AddSingleton<FeedSeats>();
        services.AddSingleton<IManagedHeap, ManagedHeap>();
        services.AddHostedService<IdleMemory>();
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddAccess(builder.Configuration);
        services.AddExceptionHandler<ProblemHandler>();
        if (builder.Configuration[AccessLog.Setting] is { Length: > 0 } target)
        {
            services.AddSingleton(provider =>
                AccessLog.Open(target, TimeProvider.System, provider.GetRequiredService<ILogger<AccessLog>>())
            );
            services.AddHostedService(static provider => provider.GetRequiredService<AccessLog>());
        }

        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.AddApiDocument();
        services.AddMcp();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainTime);
        builder.AddTelemetry();

        // Bodies are counted where they are read, so that the error can name the limit.
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MaxConcurrentConnections = options
                .ApplicationServices.GetRequiredService<IOptions<HttpOptions>>()
                .Value.MaxConnections;
        });
        bool hasAddress =
            AddressSettings.Any(name => !string.IsNullOrEmpty(builder.Configuration[name]))
            || builder.Configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!hasAddress)
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        builder.ListenForScrapers();
    }

    /// <summary>Adds the grains, their store and the client that the web side reaches them with.</summary>
    /// <param name="builder">The app.</param>
    public static void AddConversations(this WebApplicationBuilder builder, StoreChoice store)
    {
        ConfigurationManager configuration = builder.Configuration;
        builder.AddGrainHost(silo =>
        {
            silo.AddOrleansMemory(options => configuration.GetSection(SiloSections.Conversations).Bind(options))
                .ConfigureExpiry(options => configuration.GetSection(SiloSections.Expiry).Bind(options))
                .ConfigureClocks(options => configuration.GetSection(SiloSections.Clock).Bind(options))
                .ConfigureMemories(options => configuration.GetSection(SiloSections.Memories).Bind(options))
                .ConfigureRecall(weights => configuration.GetSection(SiloSections.Recall).Bind(weights))
                .ConfigureUsage(options => configuration.GetSection(SiloSections.Usage).Bind(options));
            silo.AddGrainTraces(configuration);
            silo.AddGrainDashboard(configuration);
            store.UseIn(silo, configuration);
        });

        // A caller over HTTP is told at once, with Retry-After; it knows its turn id and how long it wants to wait.
        builder.Services.AddOrleansMemoryClient(options => options.MaxRetries = 0);
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<WarmUp>());
        builder.Services.AddHostedService<StartBanner>();
    }

    /// <summary>Sets the order in which a request passes: headers of the answer, routing, errors, what it names, access.</summary>
    public static void UseHttpSurface(this WebApplication app)
    {
        app.Use(DataHeaders.InvokeAsync);
        app.Use(OpenAiSurface.InvokeAsync);
        app.Use(HeadRequests.InvokeAsync);
        app.UseRouting();
        if (app.Services.GetService<AccessLog>() is { } accessLog)
        {
            app.Use(accessLog.InvokeAsync);
        }

        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(static context => BareStatus.WriteAsync(context.HttpContext));
        app.UseScrapers();
        app.Use(
            static (context, next) =>
            {
                RequestTarget.Check(context);
                return next(context);
            }
        );
        if (DashboardRoute.IsOn(app.Configuration))
        {
            app.Use(DashboardSignIn.InvokeAsync);
        }

        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(CallerSetup.InvokeAsync);
        app.Use(app.Services.GetRequiredService<TenantGate>().InvokeAsync);
    }
}
