using OrleansMemory.Samples.AspireHosting;

// PostgreSQL in a container, and two silos of one cluster on it.
IDistributedApplicationBuilder app = DistributedApplication.CreateBuilder(args);
var database = app.AddPostgres("postgres").WithDataVolume().AddDatabase("memories");
var key = app.AddParameter("memory-key", secret: true);
const string Silo = "../../Silo/Silo.csproj";
app.AddOrleansMemory("memory-1", Silo, database).WithApiKey(key, "demo");
app.AddOrleansMemory("memory-2", Silo, database).WithApiKey(key, "demo");
await app.Build().RunAsync();
